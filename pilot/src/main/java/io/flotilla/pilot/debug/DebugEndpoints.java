package io.flotilla.pilot.debug;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.envoy.EnvoyJson;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.patch.Untranslated;
import io.flotilla.pilot.Pilot;
import io.flotilla.pilot.push.Views;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Pilot's debug pages, on the management port. */
@ApplicationScoped
class DebugEndpoints {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final Pilot pilot;

    DebugEndpoints(Pilot pilot) {
        this.pilot = pilot;
    }

    void register(@Observes Router router) {
        router.get("/debug/syncz")
                .blockingHandler(context -> json(
                        context.response(),
                        SyncStatus.of(
                                        pilot.server().streams(),
                                        this::leftOut,
                                        pilot.source().rejections())
                                .encodePrettily()));
        router.get("/debug/config_dump").blockingHandler(this::configDump);
        router.get("/debug/registryz").blockingHandler(context -> mesh(context, Registryz::services));
        router.get("/debug/endpointz").blockingHandler(context -> mesh(context, Registryz::endpoints));
    }

    private List<Untranslated> leftOut(long stream) {
        return pilot.source()
                .member(stream)
                .flatMap(Views.Member::resources)
                .map(resources -> resources.notes().problems())
                .orElse(List.of());
    }

    private void configDump(RoutingContext context) {
        String proxy = context.request().getParam("proxyID");
        if (proxy == null || proxy.isEmpty()) {
            problem(context, BAD_REQUEST, "proxyID=POD.NAMESPACE is missing");
            return;
        }
        Optional<EnvoyResources> resources = pilot.server().streams().stream()
                .filter(stream -> names(stream, proxy))
                .map(stream -> stream.info().id())
                .flatMap(id -> pilot.source().member(id).stream())
                .flatMap(member -> member.resources().stream())
                .findFirst();
        if (resources.isEmpty()) {
            problem(context, NOT_FOUND, "no proxy " + proxy + " is connected");
        } else {
            json(context.response(), EnvoyJson.of(resources.get()));
        }
    }

    private static boolean names(StreamStatus stream, String proxy) {
        String id = stream.info().node().getId();
        return id.equals(proxy) || SyncStatus.proxy(id).equals(proxy);
    }

    private void mesh(RoutingContext context, Function<MeshSnapshot, JsonArray> page) {
        pilot.views()
                .mesh()
                .ifPresentOrElse(
                        state -> json(
                                context.response(), page.apply(state.snapshot()).encodePrettily()),
                        () -> problem(context, UNAVAILABLE, "no mesh yet"));
    }

    private static void problem(RoutingContext context, int status, String message) {
        json(
                context.response().setStatusCode(status),
                new JsonObject().put("error", message).encode());
    }

    private static void json(HttpServerResponse response, String body) {
        response.putHeader("content-type", "application/json").end(body);
    }
}
