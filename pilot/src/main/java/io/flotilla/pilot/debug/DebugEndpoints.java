package io.flotilla.pilot.debug;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.patch.Untranslated;
import io.flotilla.pilot.Pilot;
import io.flotilla.pilot.PilotConfig;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.status.BuildVersion;
import io.flotilla.pilot.status.PushStatus;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Pilot's debug pages, on the management port. */
@ApplicationScoped
class DebugEndpoints {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final Pilot pilot;
    private final DebugAccess access;

    DebugEndpoints(Pilot pilot, PilotConfig config) {
        this.pilot = pilot;
        this.access = new DebugAccess(config.debugTokenFile());
    }

    void register(@Observes Router router) {
        router.route("/debug/*").handler(access::check);
        router.get("/debug/syncz")
                .blockingHandler(context -> json(
                        context.response(),
                        SyncStatus.of(
                                        pilot.proxies(),
                                        this::leftOut,
                                        pilot.source().rejections())
                                .encodePrettily()));
        router.get("/debug/adsz")
                .blockingHandler(context ->
                        json(context.response(), Connections.of(pilot.proxies()).encodePrettily()));
        router.get("/debug/edsz").blockingHandler(this::assignments);
        router.get("/debug/cdsz").blockingHandler(this::clusters);
        router.get("/debug/config_dump").blockingHandler(this::configDump);
        router.get("/debug/authenticationz").blockingHandler(this::authentication);
        router.get("/debug/push_status").blockingHandler(context -> mesh(context, this::pushStatus));
        router.get("/debug/registryz").blockingHandler(context -> mesh(context, Registryz::services));
        router.get("/debug/endpointz").blockingHandler(context -> mesh(context, Registryz::endpoints));
        router.get("/version")
                .handler(context -> json(context.response(), version().encodePrettily()));
        router.get("/ready").handler(this::ready);
    }

    private void ready(RoutingContext context) {
        context.response()
                .setStatusCode(pilot.serving() ? OK : UNAVAILABLE)
                .end(pilot.serving() ? "ready\n" : "no mesh yet\n");
    }

    private static JsonObject version() {
        return new JsonObject()
                .put("component", "pilot")
                .put("version", BuildVersion.text())
                .put("java", Runtime.version().toString());
    }

    private JsonObject pushStatus(MeshSnapshot snapshot) {
        JsonObject oddities = new JsonObject();
        PushStatus.of(snapshot).forEach((metric, about) -> oddities.put(metric, new JsonObject(Map.copyOf(about))));
        JsonObject leftOut = new JsonObject();
        pilot.views().leftOut().forEach((object, message) -> leftOut.put(object.toString(), message));
        return oddities.put("leftOut", leftOut)
                .put("proxies", pilot.proxies().size())
                .put("views", pilot.views().size())
                .put(
                        "generation",
                        pilot.views()
                                .mesh()
                                .map(state -> state.generation().toString())
                                .orElse(""));
    }

    private void assignments(RoutingContext context) {
        List<EnvoyResources> all = streams(context)
                .flatMap(stream -> resources(stream).stream())
                .distinct()
                .toList();
        json(context.response(), Dump.assignments(all));
    }

    private void clusters(RoutingContext context) {
        JsonArray all = new JsonArray();
        streams(context)
                .forEach(stream -> all.add(new JsonObject()
                        .put("node", stream.info().node().getId())
                        .put(
                                "clusters",
                                new JsonArray(resources(stream).map(EnvoyResources::clusters).orElse(List.of()).stream()
                                        .map(Cluster::getName)
                                        .toList()))));
        json(context.response(), all.encodePrettily());
    }

    private void authentication(RoutingContext context) {
        Optional<StreamStatus> stream = one(context);
        Optional<Views.Member> member =
                stream.flatMap(each -> pilot.source().member(each.info().id()));
        if (member.isPresent()) {
            mesh(
                    context,
                    snapshot -> Authenticationz.of(
                            snapshot,
                            member.get().proxy(),
                            member.get().resources().orElse(EnvoyResources.NONE)));
        }
    }

    /** All proxies, or the one that proxyID names. */
    private Stream<StreamStatus> streams(RoutingContext context) {
        String proxy = context.request().getParam("proxyID");
        return pilot.proxies().stream().filter(stream -> proxy == null || names(stream, proxy));
    }

    private Optional<EnvoyResources> resources(StreamStatus stream) {
        return pilot.source().member(stream.info().id()).flatMap(Views.Member::resources);
    }

    /** The proxy that proxyID names; where there is none, that is answered. */
    private Optional<StreamStatus> one(RoutingContext context) {
        String proxy = context.request().getParam("proxyID");
        if (proxy == null || proxy.isEmpty()) {
            problem(context, BAD_REQUEST, "proxyID=POD.NAMESPACE is missing");
            return Optional.empty();
        }
        Optional<StreamStatus> stream = streams(context).findFirst();
        if (stream.isEmpty()) {
            problem(context, NOT_FOUND, "no proxy " + proxy + " is connected");
        }
        return stream;
    }

    private List<Untranslated> leftOut(long stream) {
        return pilot.source()
                .member(stream)
                .flatMap(Views.Member::resources)
                .map(resources -> resources.notes().problems())
                .orElse(List.of());
    }

    private void configDump(RoutingContext context) {
        one(context)
                .ifPresent(stream -> json(
                        context.response(), resources(stream).map(Dump::json).orElse("{\"configs\": []}")));
    }

    private static boolean names(StreamStatus stream, String proxy) {
        String id = stream.info().node().getId();
        return id.equals(proxy) || SyncStatus.proxy(id).equals(proxy);
    }

    private void mesh(RoutingContext context, Function<MeshSnapshot, ?> page) {
        pilot.views()
                .mesh()
                .ifPresentOrElse(
                        state -> json(context.response(), Json.encodePrettily(page.apply(state.snapshot()))),
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
