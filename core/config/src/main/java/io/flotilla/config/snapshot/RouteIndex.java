package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** VirtualServices by who sees them, and Gateways by whom they configure. */
final class RouteIndex {
    private static final Comparator<Config<VirtualService>> OLDEST = Comparator.comparing(
                    (Config<VirtualService> config) -> config.created())
            .thenComparing(Config::name)
            .thenComparing(Config::namespace);

    private final ObjectTable objects;
    private final List<Config<VirtualService>> routes;
    private final List<String> exportTo;
    private final Map<String, List<Config<VirtualService>>> visible = new ConcurrentHashMap<>();

    RouteIndex(ObjectTable objects, MeshSettings settings, List<String> exportTo) {
        this.objects = objects;
        this.exportTo = exportTo;
        List<Config<VirtualService>> current = objects.all(Kind.VIRTUAL_SERVICE, VirtualService.class).stream()
                .map(RouteIndex::current)
                .toList();
        this.routes = RouteDelegation.merge(current, exportTo, settings.domainSuffix()).stream()
                .sorted(OLDEST)
                .toList();
    }

    private RouteIndex(
            ObjectTable objects,
            List<Config<VirtualService>> routes,
            List<String> exportTo,
            Map<String, List<Config<VirtualService>>> visible) {
        this.objects = objects;
        this.routes = routes;
        this.exportTo = exportTo;
        this.visible.putAll(visible);
    }

    /** The index with other routes in rules that stay where they are among the others. */
    RouteIndex after(RouteChange change, ObjectTable all) {
        Map<String, List<Config<VirtualService>>> seen = new HashMap<>();
        visible.forEach((namespace, rules) -> seen.put(namespace, replaced(rules, change)));
        return new RouteIndex(all, replaced(routes, change), exportTo, seen);
    }

    private static List<Config<VirtualService>> replaced(List<Config<VirtualService>> rules, RouteChange change) {
        List<Config<VirtualService>> all = new ArrayList<>(rules);
        all.replaceAll(rule -> change.rules().getOrDefault(rule.key(), rule));
        return Collections.unmodifiableList(all);
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
        return routes;
    }

    List<Config<VirtualService>> visible(String namespace) {
        return visible.computeIfAbsent(
                namespace,
                client -> routes.stream().filter(route -> sees(route, client)).toList());
    }

    private boolean sees(Config<VirtualService> route, String client) {
        return ExportTo.sees(ExportTo.resolve(route.spec().getExportToList(), route.namespace(), exportTo), client);
    }

    List<Config<Gateway>> gateways(Map<String, String> labels) {
        return objects.all(Kind.GATEWAY, Gateway.class).stream()
                .filter(gateway -> labels.entrySet()
                        .containsAll(gateway.spec().getSelectorMap().entrySet()))
                .toList();
    }

    @SuppressWarnings("unchecked") // the kind says it
    Optional<Config<Gateway>> gateway(String namespace, String name) {
        return Optional.ofNullable((Config<Gateway>) objects.get(ObjectKey.of(Kind.GATEWAY, namespace, name)));
    }
}
