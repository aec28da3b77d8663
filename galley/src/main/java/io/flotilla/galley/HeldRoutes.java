package io.flotilla.galley;

import io.flotilla.galley.source.HeldDeletions;
import io.flotilla.galley.source.Source;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** On the management port: deletions that any source keeps back, and the operator's word that they are meant. */
@ApplicationScoped
class HeldRoutes {
    private static final int SHOWN = 100;
    private static final int NOT_FOUND = 404;

    private final GalleyLifecycle galley;

    HeldRoutes(GalleyLifecycle galley) {
        this.galley = galley;
    }

    void register(@Observes Router router) {
        router.get("/debug/held").handler(this::show);
        router.post("/debug/held/confirm").handler(this::confirm);
    }

    private record Waiting(Source source, HeldDeletions held) {
        JsonObject json() {
            return new JsonObject()
                    .put("source", source.name().text())
                    .put("of", held.of())
                    .put("deletions", held.names().size())
                    .put("since", held.since().toString())
                    .put(
                            "names",
                            new JsonArray(held.names().stream().limit(SHOWN).toList()));
        }
    }

    private List<Waiting> waiting() {
        List<Waiting> all = new ArrayList<>();
        galley.sources().forEach(source -> source.heldDeletions().forEach(held -> all.add(new Waiting(source, held))));
        return all;
    }

    private void show(RoutingContext request) {
        answer(request, "held", waiting());
    }

    private void confirm(RoutingContext request) {
        Optional<String> source = Optional.ofNullable(request.request().getParam("source"));
        Optional<String> of = Optional.ofNullable(request.request().getParam("of"));
        List<Waiting> meant = waiting().stream()
                .filter(each -> source.isEmpty() || each.source().name().text().equals(source.get()))
                .filter(each -> of.isEmpty() || each.held().of().equals(of.get()))
                .toList();
        meant.forEach(each -> each.source().confirm(each.held()));
        if (meant.isEmpty()) {
            request.response()
                    .setStatusCode(NOT_FOUND)
                    .end("no deletions wait"
                            + source.map(name -> " in source " + name).orElse("")
                            + of.map(name -> " of " + name).orElse("") + "\n");
        } else {
            answer(request, "confirmed", meant);
        }
    }

    private static void answer(RoutingContext request, String name, List<Waiting> all) {
        JsonArray array = new JsonArray();
        all.forEach(each -> array.add(each.json()));
        request.response()
                .putHeader("content-type", "application/json")
                .end(new JsonObject().put(name, array).encodePrettily() + "\n");
    }
}
