package io.flotilla.pilot.debug;

import io.flotilla.pilot.Pilot;
import io.flotilla.pilot.PilotConfig;
import io.flotilla.pilot.status.BuildVersion;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Objects;

/** Pilot's debug pages, on the management port. */
@ApplicationScoped
class DebugEndpoints {
    private static final int UNAVAILABLE = 503;
    private static final String EVERYTHING = "";

    private final Pilot pilot;
    private final DebugAccess access;

    DebugEndpoints(Pilot pilot, PilotConfig config) {
        this.pilot = pilot;
        this.access = new DebugAccess(config.debugTokenFile());
    }

    void register(@Observes Router router) {
        router.route("/debug/*").handler(access::check);
        DebugPages.NAMES.forEach(
                name -> router.get("/debug/" + name).blockingHandler(context -> answer(context, name)));
        router.get("/version")
                .handler(context ->
                        json(context.response(), DebugPages.OK, version().encodePrettily()));
        router.get("/ready").handler(this::ready);
    }

    private void answer(RoutingContext context, String name) {
        String proxy = Objects.requireNonNullElse(context.request().getParam("proxyID"), "");
        DebugPages.Answer answer = pilot.pages().answer(new DebugPages.Question(name, proxy, EVERYTHING));
        json(context.response(), answer.status(), answer.body());
    }

    private void ready(RoutingContext context) {
        context.response()
                .setStatusCode(pilot.serving() ? DebugPages.OK : UNAVAILABLE)
                .end(pilot.serving() ? "ready\n" : "no mesh yet\n");
    }

    private static JsonObject version() {
        return new JsonObject()
                .put("component", "pilot")
                .put("version", BuildVersion.text())
                .put("java", Runtime.version().toString());
    }

    private static void json(HttpServerResponse response, int status, String body) {
        response.setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body);
    }
}
