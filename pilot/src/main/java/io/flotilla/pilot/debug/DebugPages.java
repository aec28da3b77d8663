package io.flotilla.pilot.debug;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.Groups;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.patch.Untranslated;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.serve.ProxySource;
import io.flotilla.pilot.status.PushStatus;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What Pilot shows of itself, page by page: over HTTP to people, over ADS to istioctl. Who may see one namespace only is
 * shown the proxies of that, and nothing of the mesh as a whole.
 */
public final class DebugPages {
    static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    /** By these words istioctl knows that another replica is to be asked. */
    static final String NOT_CONNECTED =
            "Proxy not connected to this Pilot instance. It may be connected to another instance.";

    // By these it tells its users what to add, or shows the page "list".
    private static final String NO_PROXY = "You must provide a proxyID in the query string";
    private static final String NO_PAGE = "404 page not found";

    /** The pages, as they are asked for. */
    static final List<String> NAMES = List.of(
            "adsz", "authenticationz", "cdsz", "config_dump", "edsz", "endpointz", "push_status", "registryz", "syncz");

    private final Subjects subjects;

    /** What there is to be seen. */
    public interface Subjects {
        List<StreamStatus> proxies();

        ProxySource source();

        Views views();
    }

    /**
     * A page that was asked for.
     *
     * @param name      one of {@link #NAMES}
     * @param proxy     "POD.NAMESPACE" or a node's id; empty for all
     * @param namespace that whoever asks may see; empty for all
     */
    record Question(String name, String proxy, String namespace) {}

    /**
     * JSON.
     *
     * @param status as HTTP has it
     */
    record Answer(int status, String body) {}

    public DebugPages(Subjects subjects) {
        this.subjects = subjects;
    }

    Answer answer(Question question) {
        return switch (question.name()) {
            case "syncz" ->
                page(SyncStatus.of(
                                streams(question),
                                this::leftOut,
                                subjects.source().rejections()::causes)
                        .encodePrettily());
            case "adsz" -> page(Connections.of(streams(question)).encodePrettily());
            case "edsz" ->
                page(Dump.assignments(streams(question).stream()
                        .flatMap(stream -> resources(stream).stream())
                        .distinct()
                        .toList()));
            case "cdsz" -> page(clusters(question).encodePrettily());
            case "config_dump" ->
                one(question, stream -> page(resources(stream).map(Dump::json).orElse("{\"configs\": []}")));
            case "authenticationz" -> one(question, this::authentication);
            case "push_status" -> whole(question, this::pushStatus);
            case "registryz" -> whole(question, Registryz::services);
            case "endpointz" -> whole(question, snapshot -> Registryz.endpoints(snapshot, held()));
            case "list" -> page(new JsonArray(NAMES).encodePrettily());
            default -> problem(NOT_FOUND, NO_PAGE + " " + question.name() + ": there are " + String.join(", ", NAMES));
        };
    }

    /** What the proxy of that name is told; empty where it is not here. */
    Optional<EnvoyResources> resources(Question question) {
        return streams(question).stream()
                .flatMap(stream -> resources(stream).stream())
                .findFirst();
    }

    /** The newest stream of each proxy that may be seen. */
    List<StreamStatus> proxies(String namespace) {
        Map<String, StreamStatus> newest = new HashMap<>();
        streams(new Question("", "", namespace)).forEach(stream -> newest.put(id(stream), stream));
        return List.copyOf(newest.values());
    }

    private List<StreamStatus> streams(Question question) {
        return subjects.proxies().stream()
                .filter(stream -> question.proxy().isEmpty() || names(stream, question.proxy()))
                .filter(stream -> question.namespace().isEmpty()
                        || SyncStatus.proxy(id(stream)).endsWith("." + question.namespace()))
                .toList();
    }

    private static boolean names(StreamStatus stream, String proxy) {
        return id(stream).equals(proxy) || SyncStatus.proxy(id(stream)).equals(proxy);
    }

    private static String id(StreamStatus stream) {
        return stream.info().node().getId();
    }

    private Answer one(Question question, Function<StreamStatus, Answer> page) {
        if (question.proxy().isEmpty()) {
            return problem(BAD_REQUEST, NO_PROXY + ": proxyID=POD.NAMESPACE");
        }
        return streams(question).stream()
                .findFirst()
                .map(page)
                .orElseGet(() -> problem(NOT_FOUND, question.proxy() + ": " + NOT_CONNECTED));
    }

    private Answer whole(Question question, Function<MeshSnapshot, ?> page) {
        return question.namespace().isEmpty()
                ? mesh(page)
                : problem(
                        FORBIDDEN,
                        question.name() + " shows the whole mesh, and you may see namespace " + question.namespace());
    }

    private Answer mesh(Function<MeshSnapshot, ?> page) {
        return subjects.views()
                .mesh()
                .map(state -> page(Json.encodePrettily(page.apply(state.snapshot()))))
                .orElseGet(() -> problem(UNAVAILABLE, "no mesh yet"));
    }

    private Optional<EnvoyResources> resources(StreamStatus stream) {
        return subjects.source().member(stream.info().id()).flatMap(Views.Member::resources);
    }

    private List<Untranslated> leftOut(long stream) {
        return subjects.source()
                .member(stream)
                .flatMap(Views.Member::resources)
                .map(resources -> resources.notes().problems())
                .orElse(List.of());
    }

    private JsonArray clusters(Question question) {
        JsonArray all = new JsonArray();
        streams(question)
                .forEach(stream -> all.add(new JsonObject()
                        .put("node", id(stream))
                        .put(
                                "clusters",
                                new JsonArray(resources(stream).map(EnvoyResources::clusters).orElse(List.of()).stream()
                                        .map(Cluster::getName)
                                        .toList()))));
        return all;
    }

    private Answer authentication(StreamStatus stream) {
        Optional<Proxy> proxy = subjects.source().member(stream.info().id()).map(Views.Member::proxy);
        EnvoyResources resources = resources(stream).orElse(EnvoyResources.NONE);
        return proxy.map(each -> mesh(snapshot -> Authenticationz.of(snapshot, each, resources)))
                .orElseGet(() -> problem(NOT_FOUND, NOT_CONNECTED));
    }

    private JsonObject pushStatus(MeshSnapshot snapshot) {
        JsonObject oddities = new JsonObject();
        PushStatus.of(snapshot, held())
                .forEach((metric, about) -> oddities.put(metric, new JsonObject(Map.copyOf(about))));
        JsonObject leftOut = new JsonObject();
        subjects.views().leftOut().forEach((object, message) -> leftOut.put(object.toString(), message));
        return oddities.put("leftOut", leftOut)
                .put("proxies", subjects.proxies().size())
                .put("views", subjects.views().size())
                .put(
                        "generation",
                        subjects.views()
                                .mesh()
                                .map(state -> state.generation().toString())
                                .orElse(""));
    }

    private Groups held() {
        return subjects.views().mesh().map(MeshState::held).orElse(Groups.ALL);
    }

    private static Answer page(String body) {
        return new Answer(OK, body);
    }

    private static Answer problem(int status, String message) {
        return new Answer(status, new JsonObject().put("error", message).encode());
    }
}
