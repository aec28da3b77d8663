package io.flotilla.config.gatewayapi;

import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.gatewayapi.Attachments.Attachment;
import io.flotilla.config.gatewayapi.CompiledRule.Entry;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.GatewayApi;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What one translation leaves for the next, so that a change of one route does not say all others anew. It may be used
 * again only where nothing but routes changed. Filled by one translation, then only read.
 */
public final class Memo {
    /** Nothing is known yet. */
    public static final Memo EMPTY = new Memo(new Known(), new Known());

    private final Known known;
    private final Known learned;

    /** A route in Istio's words; good for the same object. */
    private record Route(Config<?> config, RouteFindings findings, Map<HttpCompiler.Port, List<Entry>> entries) {}

    /** An object and all that it was made of. */
    private record Made(List<Object> parts, Optional<Config<?>> object) {}

    /** What a Gateway with its routes becomes, and says of itself. */
    record Served(BoundGateway gateway, List<Attachment> attached, List<Config<?>> objects, ObjectStatus status) {}

    /** A status and what of it is a problem. */
    private record Told(ObjectStatus status, List<Diagnostic> problems) {}

    private static final class Known {
        private final Map<ObjectKey, Route> routes = new HashMap<>();
        private final Map<ObjectKey, Made> objects = new HashMap<>();
        private final Map<ObjectKey, AnyRoute> parsed = new HashMap<>();
        private final Map<ObjectKey, BoundRoute> bound = new HashMap<>();
        private final Map<ObjectKey, BoundGateway> gateways = new HashMap<>();
        private final Map<ObjectKey, Served> served = new HashMap<>();
        private final Map<ObjectKey, Told> told = new HashMap<>();
    }

    private Memo(Known known, Known learned) {
        this.known = known;
        this.learned = learned;
    }

    /** A memo to be filled, which knows what this one learned. */
    Memo next() {
        return new Memo(/* known= */ learned, /* learned= */ new Known());
    }

    /** What was learned, without what was known before. */
    Memo learned() {
        return new Memo(new Known(), learned);
    }

    /** The route of an object; the same one for the same object. */
    Optional<AnyRoute> parsed(Config<?> config) {
        if (!GatewayApi.isRoute(config.key().kind())) {
            return Optional.empty();
        }
        AnyRoute before = known.parsed.get(config.key());
        Optional<AnyRoute> route =
                before != null && same(before.config(), config) ? Optional.of(before) : AnyRoute.of(config);
        route.ifPresent(each -> learned.parsed.put(config.key(), each));
        return route;
    }

    /** A Gateway with its listeners; these do not change while nothing but routes does. */
    BoundGateway gateway(ObjectKey key, Supplier<BoundGateway> otherwise) {
        BoundGateway before = known.gateways.get(key);
        BoundGateway gateway = before != null ? before : otherwise.get();
        learned.gateways.put(key, gateway);
        return gateway;
    }

    /** A route at its parents, before conflicts between routes are settled. */
    BoundRoute bound(AnyRoute route, Supplier<BoundRoute> otherwise) {
        ObjectKey key = route.config().key();
        BoundRoute before = known.bound.get(key);
        BoundRoute bound;
        if (before != null && same(before.route(), route)) {
            bound = before;
            Route words = known.routes.get(key);
            if (words != null) {
                learned.routes.putIfAbsent(key, words);
            }
        } else {
            bound = otherwise.get();
        }
        learned.bound.put(key, bound);
        return bound;
    }

    /** What a Gateway becomes with these routes, in their order. */
    Served served(BoundGateway gateway, List<Attachment> attached, HttpCompiler compiler) {
        ObjectKey key = gateway.config().key();
        Served before = known.served.get(key);
        Served served;
        if (before != null && same(before.gateway(), gateway) && same(before.attached(), attached)) {
            served = before;
            for (Config<?> object : served.objects()) {
                Made made = known.objects.get(object.key());
                if (made != null) {
                    learned.objects.put(object.key(), made);
                }
            }
        } else {
            served = new Served(gateway, attached, gateway.objects(attached, compiler, this), gateway.status(attached));
        }
        learned.served.put(key, served);
        return served;
    }

    /** What of a status is a problem. */
    List<Diagnostic> problems(ObjectStatus status, Supplier<List<Diagnostic>> otherwise) {
        Told before = known.told.get(status.key());
        Told told = before != null && same(before.status(), status) ? before : new Told(status, otherwise.get());
        learned.told.put(status.key(), told);
        return told.problems();
    }

    /** What is the same needs no look inside; what only equals it is made again. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Object one, Object other) {
        return one == other;
    }

    private static boolean same(List<Attachment> one, List<Attachment> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!same(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    RouteFindings findings(AnyRoute route, Supplier<RouteFindings> otherwise) {
        return of(route, otherwise).findings();
    }

    private Route of(AnyRoute route, Supplier<RouteFindings> otherwise) {
        return learned.routes.computeIfAbsent(route.config().key(), key -> {
            Route before = known.routes.get(key);
            return before != null && before.config().equals(route.config())
                    ? before
                    : new Route(route.config(), otherwise.get(), new HashMap<>());
        });
    }

    /** All conditions of a route at a port; {@link #findings} comes first. */
    List<Entry> entries(AnyRoute route, HttpCompiler.Port port, HttpCompiler compiler) {
        Route words = of(route, () -> RouteFindings.of(route, compiler));
        return words.entries().computeIfAbsent(port, each -> {
            List<Entry> entries = new ArrayList<>();
            route.httpRules()
                    .forEach(rule ->
                            entries.addAll(compiler.compile(route, rule, port).entries()));
            return List.copyOf(entries);
        });
    }

    /** The object that these parts make. */
    Optional<Config<?>> object(ObjectKey key, List<Object> parts, Supplier<Optional<Config<?>>> otherwise) {
        Made before = known.objects.get(key);
        Made made = before != null && before.parts().equals(parts) ? before : new Made(parts, otherwise.get());
        learned.objects.put(key, made);
        return made.object();
    }
}
