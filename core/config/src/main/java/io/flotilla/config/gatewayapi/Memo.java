package io.flotilla.config.gatewayapi;

import io.flotilla.config.gatewayapi.CompiledRule.Entry;
import io.flotilla.config.model.Config;
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
    public static final Memo EMPTY = new Memo(Map.of(), Map.of());

    private final Map<ObjectKey, Route> knownRoutes;
    private final Map<ObjectKey, Made> knownObjects;
    private final Map<ObjectKey, Route> routes = new HashMap<>();
    private final Map<ObjectKey, Made> objects = new HashMap<>();

    /** A route in Istio's words; good for the same object. */
    private record Route(Config<?> config, RouteFindings findings, Map<HttpCompiler.Port, List<Entry>> entries) {}

    /** An object and all that it was made of. */
    private record Made(List<Object> parts, Optional<Config<?>> object) {}

    private Memo(Map<ObjectKey, Route> routes, Map<ObjectKey, Made> objects) {
        this.knownRoutes = routes;
        this.knownObjects = objects;
    }

    /** A memo to be filled, which knows what this one learned. */
    Memo next() {
        return new Memo(routes, objects);
    }

    /** What was learned, without what was known before. */
    Memo learned() {
        Memo memo = new Memo(Map.of(), Map.of());
        memo.routes.putAll(routes);
        memo.objects.putAll(objects);
        return memo;
    }

    RouteFindings findings(AnyRoute route, Supplier<RouteFindings> otherwise) {
        return of(route, otherwise).findings();
    }

    private Route of(AnyRoute route, Supplier<RouteFindings> otherwise) {
        return routes.computeIfAbsent(route.config().key(), key -> {
            Route known = knownRoutes.get(key);
            return known != null && known.config().equals(route.config())
                    ? known
                    : new Route(route.config(), otherwise.get(), new HashMap<>());
        });
    }

    /** All conditions of a route at a port; {@link #findings} comes first. */
    List<Entry> entries(AnyRoute route, HttpCompiler.Port port, HttpCompiler compiler) {
        Route known = of(route, () -> RouteFindings.of(route, compiler));
        return known.entries().computeIfAbsent(port, each -> {
            List<Entry> entries = new ArrayList<>();
            route.httpRules()
                    .forEach(rule ->
                            entries.addAll(compiler.compile(route, rule, port).entries()));
            return List.copyOf(entries);
        });
    }

    /** The object that these parts make. */
    Optional<Config<?>> object(ObjectKey key, List<Object> parts, Supplier<Optional<Config<?>>> otherwise) {
        Made known = knownObjects.get(key);
        Made made = known != null && known.parts().equals(parts) ? known : new Made(parts, otherwise.get());
        objects.put(key, made);
        return made.object();
    }
}
