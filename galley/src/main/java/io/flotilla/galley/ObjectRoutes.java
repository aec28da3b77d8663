package io.flotilla.galley;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.galley.state.Held;
import io.flotilla.galley.status.Receipts;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** /debug/objects, what is in force with its content, and /debug, a page for people. No secrets in either. */
@ApplicationScoped
class ObjectRoutes {
    private final GalleyLifecycle galley;
    private final Receipts receipts;

    ObjectRoutes(GalleyLifecycle galley, Receipts receipts) {
        this.receipts = receipts;
        this.galley = galley;
    }

    void register(@Observes Router router) {
        router.get("/debug").handler(this::page);
        router.get("/debug/objects").handler(this::objects);
    }

    /** Parameters group, kind, namespace and name narrow it; registry=true shows what is derived from manifests. */
    private void objects(RoutingContext request) {
        Held held = galley.held().orElse(null);
        if (held == null) {
            request.response().setStatusCode(503).end("no source was read yet\n");
            return;
        }
        boolean registry = "true".equals(request.request().getParam("registry"));
        JsonArray objects = new JsonArray();
        for (Config<?> config :
                registry ? held.mesh().published() : held.store().objects()) {
            if (wanted(request, config.key())) {
                JsonObject shown = new JsonObject()
                        .put("group", config.key().kind().group())
                        .put("version", config.version())
                        .put("origin", config.origin().toString())
                        .put("object", ObjectJson.of(config));
                receipts.json(config.key()).ifPresent(receipt -> shown.put("proxies", receipt));
                objects.add(shown);
            }
        }
        request.response()
                .putHeader("content-type", "application/json")
                .end(new JsonObject()
                        .put("generation", held.view().generation().toString())
                        .put("objects", objects)
                        .encode());
    }

    private static boolean wanted(RoutingContext request, ObjectKey key) {
        return matches(request, "group", key.kind().group())
                && matches(request, "kind", key.kind().name())
                && (key.namespace().isEmpty() || matches(request, "namespace", key.namespace()))
                && matches(request, "name", key.name());
    }

    private static boolean matches(RoutingContext request, String parameter, String text) {
        String wanted = request.request().getParam(parameter);
        return wanted == null || wanted.equals(text);
    }

    private void page(RoutingContext request) {
        DebugPage page = new DebugPage("Galley");
        Held held = galley.held().orElse(null);
        page.text(
                held == null
                        ? "nothing is held yet"
                        : "generation " + held.view().generation()
                                + (held.complete()
                                        ? ""
                                        : ", kept from an earlier run until every source has told everything"));
        page.table("Sources", "source", "state", "stale seconds");
        galley.sources()
                .forEach(source -> page.row(
                        source.name().text(),
                        GalleyHealth.text(source.status()),
                        source.status().staleFor(Instant.now()).toSeconds()));
        if (held != null) {
            page.table("Collections", "type", "objects", "version");
            new TreeMap<>(held.view().types()).forEach((type, set) -> page.row(type, set.size(), set.version()));
            page.table("Problems", "severity", "code", "where", "object", "field", "message");
            held.store()
                    .diagnostics()
                    .forEach(problem -> page.row(
                            problem.severity(),
                            problem.code(),
                            problem.origin(),
                            problem.object(),
                            problem.path(),
                            problem.message()));
        }
        readers(page);
        Map<String, String> links = new TreeMap<>(Map.of(
                "/debug/config", "what is held",
                "/debug/objects", "with content",
                "/debug/sources", "sources",
                "/debug/streams", "readers"));
        page.links("As JSON", links);
        request.response().putHeader("content-type", "text/html; charset=utf-8").end(page.html());
    }

    private void readers(DebugPage page) {
        page.table("Readers", "node", "peer", "type", "sent", "taken", "refused because");
        galley.servers()
                .ifPresent(servers -> servers.streams()
                        .forEach(stream -> stream.types()
                                .forEach(type -> page.row(
                                        stream.info().node().getId(),
                                        stream.info().remote(),
                                        type.typeUrl(),
                                        type.sent() == null ? "" : type.sent().version(),
                                        type.synced() ? "yes" : "not yet",
                                        type.message()))));
    }
}
