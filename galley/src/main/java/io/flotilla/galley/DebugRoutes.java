package io.flotilla.galley;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.galley.state.Held;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** /debug/config, /debug/sources and /debug/streams on the management port: what is held and who reads it, without its content. */
@ApplicationScoped
class DebugRoutes {
    private final GalleyLifecycle galley;

    DebugRoutes(GalleyLifecycle galley) {
        this.galley = galley;
    }

    void register(@Observes Router router) {
        router.get("/debug/config").handler(this::config);
        router.get("/debug/streams").handler(this::streams);
        router.get("/debug/sources").handler(this::sources);
    }

    private void sources(RoutingContext request) {
        JsonArray sources = new JsonArray();
        galley.sources()
                .forEach(source -> sources.add(new JsonObject()
                        .put("source", source.name().text())
                        .put("status", GalleyHealth.text(source.status()))
                        .put("synced", source.status().synced())
                        .put(
                                "staleSeconds",
                                source.status().staleFor(Instant.now()).toSeconds())));
        json(request, new JsonObject().put("sources", sources));
    }

    private void config(RoutingContext request) {
        Held held = galley.held().orElse(null);
        if (held == null) {
            request.response().setStatusCode(503).end("no source was read yet\n");
            return;
        }
        Map<String, List<Diagnostic>> problems = new TreeMap<>();
        List<Diagnostic> all = new ArrayList<>(held.store().diagnostics());
        all.addAll(held.problems());
        all.forEach(problem -> problems.computeIfAbsent(problem.object(), object -> new ArrayList<>())
                .add(problem));
        JsonArray objects = new JsonArray();
        held.store().objects().forEach(config -> objects.add(object(config, problems)));
        JsonArray others = new JsonArray();
        problems.values().forEach(list -> list.forEach(problem -> others.add(problem(problem))));
        JsonObject collections = new JsonObject();
        new TreeMap<>(held.view().types())
                .forEach((type, resources) -> collections.put(
                        type,
                        new JsonObject()
                                .put("version", resources.version())
                                .put("resources", resources.byName().size())));
        json(
                request,
                new JsonObject()
                        .put("generation", held.view().generation().toString())
                        .put("objects", objects)
                        .put("collections", collections)
                        .put("problems", others));
    }

    private static JsonObject object(Config<?> config, Map<String, List<Diagnostic>> problems) {
        ObjectKey key = config.key();
        JsonArray own = new JsonArray();
        List<Diagnostic> found = problems.remove(key.toString());
        if (found != null) {
            found.forEach(problem -> own.add(problem(problem)));
        }
        return new JsonObject()
                .put("kind", key.kind().name())
                .put("group", key.kind().group())
                .put("namespace", key.namespace())
                .put("name", key.name())
                .put("version", config.version())
                .put("file", config.origin().file())
                .put("line", config.origin().line())
                .put("problems", own);
    }

    private static JsonObject problem(Diagnostic problem) {
        return new JsonObject()
                .put("severity", problem.severity().name().toLowerCase(java.util.Locale.ROOT))
                .put("code", problem.code())
                .put("object", problem.object())
                .put("file", problem.origin().file())
                .put("line", problem.origin().line())
                .put("path", problem.path())
                .put("message", problem.message());
    }

    private void streams(RoutingContext request) {
        JsonArray streams = new JsonArray();
        galley.servers()
                .ifPresent(servers -> servers.streams()
                        .forEach(status -> streams.add(new JsonObject()
                                .put("id", status.info().id())
                                .put("node", status.info().node().getId())
                                .put("peers", new JsonArray(status.info().peerUris()))
                                .put("remote", status.info().remote())
                                .put("delta", status.info().delta()))));
        json(request, new JsonObject().put("streams", streams));
    }

    private static void json(RoutingContext request, JsonObject body) {
        request.response().putHeader("content-type", "application/json").end(body.encodePrettily() + "\n");
    }
}
