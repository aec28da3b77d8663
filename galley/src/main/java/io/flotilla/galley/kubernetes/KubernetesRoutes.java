package io.flotilla.galley.kubernetes;

import io.flotilla.galley.source.MassDeletionGuard.Pending;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** On the management port: how far each kind is, and the operator's word that deletions that wait are meant. */
@ApplicationScoped
class KubernetesRoutes {
    private static final int SHOWN = 20;
    private static final int NOT_FOUND = 404;

    private final KubernetesSources sources;

    KubernetesRoutes(KubernetesSources sources) {
        this.sources = sources;
    }

    void register(@Observes Router router) {
        router.get("/debug/sources/kubernetes").handler(this::kinds);
        router.post("/debug/sources/kubernetes/confirm").handler(this::confirm);
    }

    private void kinds(RoutingContext request) {
        JsonArray kinds = new JsonArray();
        watches().forEach(watch -> kinds.add(kind(watch)));
        request.response()
                .putHeader("content-type", "application/json")
                .end(new JsonObject().put("kinds", kinds).encodePrettily() + "\n");
    }

    private static JsonObject kind(KindWatch watch) {
        Target target = watch.target();
        JsonObject kind = new JsonObject()
                .put("kind", target.id())
                .put("version", target.version())
                .put("served", target.served())
                .put("objects", watch.known().texts().size())
                .put("listed", watch.whole());
        watch.trouble()
                .ifPresent(trouble -> kind.put("trouble", trouble.why())
                        .put("since", trouble.since().toString()));
        Pending waits = watch.known().pending();
        if (waits != null) {
            kind.put("deletionsHeld", waits.names().size())
                    .put("heldSince", waits.since().toString())
                    .put(
                            "held",
                            new JsonArray(new TreeSet<>(waits.names())
                                    .stream().limit(SHOWN).toList()));
        }
        return kind;
    }

    private void confirm(RoutingContext request) {
        String kind = Optional.ofNullable(request.request().getParam("kind")).orElse("");
        List<KindWatch> waiting = watches().stream()
                .filter(watch -> watch.known().pending() != null)
                .filter(watch -> kind.isEmpty() || watch.target().id().equals(kind))
                .toList();
        waiting.forEach(KindWatch::confirm);
        if (waiting.isEmpty()) {
            request.response()
                    .setStatusCode(NOT_FOUND)
                    .end("no deletions wait" + (kind.isEmpty() ? "" : " of " + kind) + "\n");
        } else {
            List<String> names =
                    waiting.stream().map(watch -> watch.target().id()).toList();
            request.response().end("confirmed: " + String.join(", ", names) + "\n");
        }
    }

    private List<KindWatch> watches() {
        return sources.source().map(KubernetesSource::watches).orElse(List.of());
    }
}
