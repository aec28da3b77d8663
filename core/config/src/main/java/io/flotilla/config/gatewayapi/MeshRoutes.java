package io.flotilla.config.gatewayapi;

import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Derived;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Routes whose parent is a Service: rules for callers in the mesh. In the Service's namespace they hold for all callers;
 * elsewhere for callers of the route's namespace only, and there they go before those of the Service's namespace.
 */
record MeshRoutes(DeriveOptions options, HttpCompiler compiler) {
    /** Rules for one Service by routes of one namespace. */
    private record Target(String service, String namespace, String of) implements Comparable<Target> {
        private static final Comparator<Target> ORDER = Comparator.comparing(Target::service)
                .thenComparing(Target::namespace)
                .thenComparing(Target::of);

        @Override
        public int compareTo(Target other) {
            return ORDER.compare(this, other);
        }
    }

    private record Bound(AnyRoute route, MeshParent parent) {}

    private record Placed(CompiledRule.Entry entry, int port) {}

    List<Config<?>> of(List<BoundRoute> routes) {
        Map<Target, List<Bound>> targets = new TreeMap<>();
        for (BoundRoute route : routes) {
            for (MeshParent parent : route.services()) {
                Target target = new Target(
                        parent.name(), parent.namespace(), route.route().namespace());
                targets.computeIfAbsent(target, each -> new ArrayList<>()).add(new Bound(route.route(), parent));
            }
        }
        List<Config<?>> made = new ArrayList<>();
        targets.forEach((target, bound) -> made.add(virtualService(target, bound)));
        return made;
    }

    private Config<VirtualService> virtualService(Target target, List<Bound> bound) {
        VirtualService.Builder spec = VirtualService.newBuilder()
                .addHosts(options.host(target.service(), target.namespace()))
                .addGateways("mesh")
                .addExportTo(target.of().equals(target.namespace()) ? "*" : ".");
        List<Placed> placed = new ArrayList<>();
        for (Bound each : bound) {
            HttpCompiler.Port port = new HttpCompiler.Port(
                    each.parent().port() == 0 ? 80 : each.parent().port(), false);
            each.route()
                    .httpRules()
                    .forEach(rule -> compiler.compile(each.route(), rule, port)
                            .entries()
                            .forEach(entry ->
                                    placed.add(new Placed(entry, each.parent().port()))));
            if (!each.route().isHttp()) {
                spec.mergeFrom(new Layer4Routes(compiler.backends())
                        .rules(
                                each.route(),
                                each.route().hostnames(),
                                each.parent().port())
                        .build());
            }
        }
        // The list is by age and by rule already, and sorting keeps that where ranks are equal.
        placed.sort(Comparator.comparing((Placed each) -> each.entry().rank()).reversed());
        placed.forEach(each -> spec.addHttp(atPort(each)));
        Config<VirtualService> made = Derived.object(
                Kind.VIRTUAL_SERVICE,
                target.of(),
                DerivedNames.of("mesh", target.namespace(), target.service()),
                spec.build(),
                bound.stream().map(each -> each.route().config()).toList());
        boolean consumer = !target.of().equals(target.namespace());
        return created(made, consumer);
    }

    private static HTTPRoute atPort(Placed placed) {
        if (placed.port() == 0) {
            return placed.entry().spec();
        }
        HTTPRoute.Builder spec = placed.entry().spec().toBuilder().clearMatch();
        for (HTTPMatchRequest match : placed.entry().spec().getMatchList()) {
            spec.addMatch(match.toBuilder().setPort(placed.port()));
        }
        return spec.build();
    }

    /** The oldest VirtualService for a host holds: rules of the caller's own namespace are made the oldest. */
    private static Config<VirtualService> created(Config<VirtualService> made, boolean consumer) {
        Instant first = made.created().isAfter(Instant.EPOCH) ? made.created() : Instant.EPOCH.plusMillis(1);
        return new Config<>(
                made.key(),
                made.spec(),
                made.labels(),
                made.annotations(),
                consumer ? Instant.EPOCH : first,
                made.version(),
                made.origin());
    }
}
