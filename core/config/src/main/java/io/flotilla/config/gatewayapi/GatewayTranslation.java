package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Derived;
import io.flotilla.config.derive.Lookup;
import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.derive.Owners;
import io.flotilla.config.gatewayapi.Attachments.Attachment;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.GatewayApi;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The objects of the Gateway API as Istio's kinds, and what their status says. Pure: the same objects give the same
 * result, in the same order.
 */
public final class GatewayTranslation {
    /** Why a route is not accepted: a host of it is of another namespace. */
    public static final String HOST_CLAIMED = "HostClaimed";

    private final ApiObjects objects;
    private final Lookup lookup;
    private final MeshConfig mesh;
    private final DeriveOptions options;
    private final Owners owners;
    private final Memo memo;
    private final Map<String, BoundGateway> gateways = new TreeMap<>();

    private GatewayTranslation(
            ApiObjects objects, Lookup lookup, MeshConfig mesh, DeriveOptions options, Owners owners, Memo memo) {
        this.owners = owners;
        this.memo = memo;
        this.objects = objects;
        this.lookup = lookup;
        this.mesh = mesh;
        this.options = options;
    }

    /**
     * What a translation made.
     *
     * @param memo for the next one, where nothing but routes changes
     */
    public record Result(Derived derived, Memo memo) {}

    /** Translates all objects of the Gateway API among {@code objects}; others are passed over. */
    public static Result translate(
            Collection<? extends Config<?>> objects,
            Lookup lookup,
            MeshConfig mesh,
            DeriveOptions options,
            Owners owners,
            Memo before) {
        Memo memo = before.next();
        Derived derived =
                new GatewayTranslation(ApiObjects.of(objects, memo), lookup, mesh, options, owners, memo).run();
        return new Result(derived, memo.learned());
    }

    private Derived run() {
        Grants grants = new Grants(objects.grants());
        GatewayClasses classes = new GatewayClasses(objects.classes(), options);
        Listeners listeners = new Listeners(new Certificates(lookup, grants, options));
        for (Config<Gateway> gateway : objects.gateways()) {
            if (classes.owns(gateway.spec().getGatewayClassName())) {
                gateways.put(gateway.key().resourceName(), memo.gateway(gateway.key(), () -> {
                    Proxies proxies = Proxies.of(gateway, mesh, lookup, options);
                    return new BoundGateway(gateway, proxies, listeners.of(gateway, proxies));
                }));
            }
        }
        HttpCompiler compiler = new HttpCompiler(new Backends(lookup, grants, options));
        List<BoundRoute> bound = new ArrayList<>();
        objects.routes().forEach(route -> bound.add(memo.bound(route, () -> bind(route, compiler))));
        List<BoundRoute> routes = RouteConflicts.settled(bound);
        Map<ObjectKey, List<Attachment>> attached = attached(routes);
        List<Config<?>> made = new ArrayList<>();
        List<ObjectStatus> served = new ArrayList<>();
        for (BoundGateway gateway : gateways.values()) {
            Memo.Served all =
                    memo.served(gateway, attached.getOrDefault(gateway.config().key(), List.of()), compiler);
            made.addAll(all.objects());
            served.add(all.status());
        }
        made.addAll(new MeshRoutes(options, compiler).of(routes));
        BackendTls backendTls = new BackendTls(lookup, options, objects.policies());
        made.addAll(backendTls.rules());
        List<ObjectStatus> statuses = new ArrayList<>(classes.statuses());
        statuses.addAll(served);
        routes.forEach(route -> route.status(options).ifPresent(statuses::add));
        statuses.addAll(backendTls.statuses(routes));
        List<Diagnostic> problems = new ArrayList<>(Findings.of(statuses, objects, memo));
        routes.forEach(route -> problems.addAll(route.warnings()));
        return new Derived(made, statuses, problems);
    }

    private BoundRoute bind(AnyRoute route, HttpCompiler compiler) {
        List<BoundRoute.Parent> parents = new ArrayList<>();
        List<Diagnostic> warnings = new ArrayList<>();
        Attachments attachments = new Attachments(lookup);
        for (ParentReference parent : route.parents()) {
            if (AnyRoute.isGateway(parent)) {
                Optional.ofNullable(gateways.get(route.namespace(parent) + "/" + parent.getName()))
                        .ifPresent(gateway -> {
                            Attachments.Outcome outcome = attachments.attach(route, parent, gateway.listeners());
                            Optional<Condition> refused = claimed(
                                    route,
                                    outcome.attachments().stream()
                                            .flatMap(each -> each.hosts().stream())
                                            .map(Attachments.Host::name),
                                    warnings);
                            parents.add(BoundRoute.gateway(
                                    parent,
                                    refused.map(why -> new Attachments.Outcome(List.of(), why))
                                            .orElse(outcome)));
                        });
            } else if (AnyRoute.isService(parent)) {
                String host = options.host(parent.getName(), route.namespace(parent));
                parents.add(claimed(route, Stream.of(host), warnings)
                        .map(why -> BoundRoute.gateway(parent, new Attachments.Outcome(List.of(), why)))
                        .orElseGet(() -> BoundRoute.service(parent, MeshParent.of(route, parent, lookup))));
            }
        }
        return BoundRoute.of(route, memo.findings(route, () -> RouteFindings.of(route, compiler)), parents, warnings);
    }

    /** Why a route may not have these hosts; where claims only warn, it is told beside the statuses. */
    private Optional<Condition> claimed(AnyRoute route, Stream<String> hosts, List<Diagnostic> warnings) {
        // Connections at a port of their own are nobody's: they have no host.
        Optional<Owners.Captured> captured = hosts.filter(
                        host -> !host.equals("*") || !route.kind().equals(GatewayApi.TCP_ROUTE))
                .flatMap(host -> owners.captured(host, route.namespace()).stream())
                .findFirst();
        captured.filter(each -> !each.refused())
                .ifPresent(each -> warnings.add(new Diagnostic(
                        Severity.WARNING,
                        "FL0691",
                        route.config().origin(),
                        route.config().key().toString(),
                        "spec.hostnames",
                        each.message())));
        return captured.filter(Owners.Captured::refused)
                .map(each -> Condition.no("Accepted", HOST_CLAIMED, each.message()));
    }

    /** By Gateway, in the order of the routes. */
    private static Map<ObjectKey, List<Attachment>> attached(List<BoundRoute> routes) {
        Map<ObjectKey, List<Attachment>> attached = new HashMap<>();
        routes.forEach(route -> route.attachments()
                .forEach(attachment -> attached.computeIfAbsent(
                                attachment.listener().gateway().key(), key -> new ArrayList<>())
                        .add(attachment)));
        return attached;
    }
}
