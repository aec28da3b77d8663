package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Derived;
import io.flotilla.config.derive.Lookup;
import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.gatewayapi.Attachments.Attachment;
import io.flotilla.config.model.Config;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The objects of the Gateway API as Istio's kinds, and what their status says. Pure: the same objects give the same
 * result, in the same order.
 */
public final class GatewayTranslation {
    private final ApiObjects objects;
    private final Lookup lookup;
    private final MeshConfig mesh;
    private final DeriveOptions options;
    private final Memo memo;
    private final Map<String, BoundGateway> gateways = new TreeMap<>();
    private final List<BoundRoute> routes = new ArrayList<>();

    private GatewayTranslation(ApiObjects objects, Lookup lookup, MeshConfig mesh, DeriveOptions options, Memo memo) {
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
            Memo before) {
        Memo memo = before.next();
        Derived derived = new GatewayTranslation(ApiObjects.of(objects), lookup, mesh, options, memo).run();
        return new Result(derived, memo.learned());
    }

    private Derived run() {
        Grants grants = new Grants(objects.grants());
        GatewayClasses classes = new GatewayClasses(objects.classes(), options);
        Listeners listeners = new Listeners(new Certificates(lookup, grants, options));
        for (Config<Gateway> gateway : objects.gateways()) {
            if (classes.owns(gateway.spec().getGatewayClassName())) {
                Proxies proxies = Proxies.of(gateway, mesh, lookup, options);
                gateways.put(
                        gateway.key().resourceName(),
                        new BoundGateway(gateway, proxies, listeners.of(gateway, proxies)));
            }
        }
        HttpCompiler compiler = new HttpCompiler(new Backends(lookup, grants, options));
        objects.routes().forEach(route -> bind(route, compiler));
        RouteConflicts.settle(routes);
        List<Config<?>> made = new ArrayList<>();
        gateways.values().forEach(gateway -> made.addAll(gateway.objects(at(gateway), compiler, memo)));
        made.addAll(new MeshRoutes(options, compiler).of(routes));
        BackendTls backendTls = new BackendTls(lookup, options, objects.policies());
        made.addAll(backendTls.rules());
        List<ObjectStatus> statuses = new ArrayList<>(classes.statuses());
        gateways.values().forEach(gateway -> statuses.add(gateway.status(at(gateway))));
        routes.forEach(route -> route.status(options).ifPresent(statuses::add));
        statuses.addAll(backendTls.statuses(routes));
        return new Derived(made, statuses, Findings.of(statuses, objects));
    }

    private void bind(AnyRoute route, HttpCompiler compiler) {
        BoundRoute bound = new BoundRoute(route, memo.findings(route, () -> RouteFindings.of(route, compiler)));
        Attachments attachments = new Attachments(lookup);
        for (ParentReference parent : route.parents()) {
            if (AnyRoute.isGateway(parent)) {
                Optional.ofNullable(gateways.get(route.namespace(parent) + "/" + parent.getName()))
                        .ifPresent(
                                gateway -> bound.add(parent, attachments.attach(route, parent, gateway.listeners())));
            } else if (AnyRoute.isService(parent)) {
                bound.addService(parent, MeshParent.of(route, parent, lookup));
            }
        }
        routes.add(bound);
    }

    private List<Attachment> at(BoundGateway gateway) {
        return routes.stream()
                .flatMap(route -> route.attachments().stream())
                .filter(attachment -> attachment
                        .listener()
                        .gateway()
                        .key()
                        .equals(gateway.config().key()))
                .toList();
    }
}
