package io.flotilla.galley;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.config.derive.Derived;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.store.DerivedObjects;
import io.flotilla.galley.state.Held;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** /debug/derived on the management port: what the Gateway API and Ingress became, and the status of their objects. */
@ApplicationScoped
class DerivedRoutes {
    private final GalleyLifecycle galley;

    DerivedRoutes(GalleyLifecycle galley) {
        this.galley = galley;
    }

    void register(@Observes Router router) {
        router.get("/debug/derived").handler(this::derived);
    }

    private void derived(RoutingContext request) {
        Held held = galley.held().orElse(null);
        if (held == null) {
            request.response().setStatusCode(503).end("no source was read yet\n");
            return;
        }
        DerivedObjects derived = held.derived();
        JsonArray objects = new JsonArray();
        derived.objects()
                .forEach(config -> objects.add(named(config.key())
                        .put("from", config.annotations().getOrDefault(Derived.FROM, ""))
                        .put("overridden", held.store().object(config.key()).isPresent())
                        .put("spec", json(config.spec()))));
        JsonArray statuses = new JsonArray();
        derived.statuses().forEach(status -> statuses.add(named(status.key()).put("status", json(status.status()))));
        request.response()
                .putHeader("content-type", "application/json")
                .end(new JsonObject()
                                .put("objects", objects)
                                .put("statuses", statuses)
                                .encodePrettily() + "\n");
    }

    private static JsonObject named(ObjectKey key) {
        return new JsonObject()
                .put("group", key.kind().group())
                .put("kind", key.kind().name())
                .put("namespace", key.namespace())
                .put("name", key.name());
    }

    private static JsonObject json(Message message) {
        try {
            return new JsonObject(JsonFormat.printer().print(message));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was made of messages can be printed", e);
        }
    }
}
