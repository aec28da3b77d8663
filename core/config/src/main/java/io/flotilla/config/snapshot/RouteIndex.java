package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** VirtualServices by who sees them, and Gateways by whom they configure. */
final class RouteIndex {
    private static final Comparator<Config<?>> OLDEST = Comparator.comparing((Config<?> config) -> config.created())
            .thenComparing(Config::name)
            .thenComparing(Config::namespace);

    private final ObjectTable objects;
    private final RankedRules routes;
    private final List<String> exportTo;
    private final String domainSuffix;
    private final Map<String, RankedRules> visible = new ConcurrentHashMap<>();

    RouteIndex(ObjectTable objects, MeshSettings settings, List<String> exportTo) {
        this.objects = objects;
        this.exportTo = exportTo;
        this.domainSuffix = settings.domainSuffix();
        List<Config<VirtualService>> current = objects.all(Kind.VIRTUAL_SERVICE, VirtualService.class).stream()
                .map(RouteIndex::current)
                .toList();
        this.routes = new RankedRules(
                RouteDelegation.merge(current, exportTo, domainSuffix).stream()
                        .sorted(OLDEST)
                        .toList(),
                domainSuffix);
    }

    private RouteIndex(ObjectTable objects, RouteIndex before, RouteChange change) {
        this.objects = objects;
        this.exportTo = before.exportTo;
        this.domainSuffix = before.domainSuffix;
        this.routes = before.routes.with(change.rules().values());
        before.visible.forEach((namespace, rules) -> visible.put(
                namespace,
                rules == before.routes ? routes : rules.with(change.rules().values())));
    }

    /** The index with other routes in rules that stay where they are among the others. */
    RouteIndex after(RouteChange change, ObjectTable all) {
        return new RouteIndex(all, this, change);
    }

    static Config<VirtualService> current(Config<VirtualService> rule) {
        VirtualService spec = ClassicRoutes.current(rule.spec());
        return spec.equals(rule.spec())
                ? rule
                : new Config<>(
                        rule.key(),
                        spec,
                        rule.labels(),
                        rule.annotations(),
                        rule.created(),
                        rule.version(),
                        rule.origin());
    }

    /** All of them, roots with the routes of their delegates. */
    List<Config<VirtualService>> all() {
        return routes.all();
    }

    RankedRules visible(String namespace) {
        return visible.computeIfAbsent(namespace, client -> {
            List<Config<VirtualService>> seen =
                    routes.all().stream().filter(route -> sees(route, client)).toList();
            return seen.size() == routes.all().size() ? routes : new RankedRules(seen, domainSuffix);
        });
    }

    private boolean sees(Config<VirtualService> route, String client) {
        return ExportTo.sees(ExportTo.resolve(route.spec().getExportToList(), route.namespace(), exportTo), client);
    }

    /** The oldest first: of servers that want the same connections, the first has them. */
    List<Config<Gateway>> gateways(Map<String, String> labels) {
        return objects.all(Kind.GATEWAY, Gateway.class).stream()
                .filter(gateway -> labels.entrySet()
                        .containsAll(gateway.spec().getSelectorMap().entrySet()))
                .sorted(OLDEST)
                .toList();
    }

    @SuppressWarnings("unchecked") // the kind says it
    Optional<Config<Gateway>> gateway(String namespace, String name) {
        return Optional.ofNullable((Config<Gateway>) objects.get(ObjectKey.of(Kind.GATEWAY, namespace, name)));
    }
}
