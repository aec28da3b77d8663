package io.flotilla.citadel.kubernetes;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.flotilla.fixtures.identity.TestAuthority;
import io.flotilla.identity.SpiffeId;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.MeshTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps objects by path, creates a name once, merges patches, lists namespaces in pages of one. */
final class FakeApiServer implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String TOKEN = "cluster-token";

    final Map<String, Struct> objects = Collections.synchronizedMap(new TreeMap<>());
    final List<String> writes = Collections.synchronizedList(new ArrayList<>());
    /** Options of deletions that have some. */
    final List<Struct> deletions = Collections.synchronizedList(new ArrayList<>());

    volatile Runnable beforeCreate = () -> {};
    /** What a controller makes of an object; it is there before the first look. */
    volatile Function<Struct, Struct> onCreate = object -> object;

    private final List<String> namespaces;
    private final HttpsServer server;
    private final Path credentials;

    FakeApiServer(Path credentials, String... namespaces) throws IOException {
        this.credentials = credentials;
        this.namespaces = List.of(namespaces);
        TestAuthority authority = TestAuthority.of("cluster");
        Files.writeString(credentials.resolve("ca.crt"), authority.authority().certificatePem());
        Files.writeString(credentials.resolve("token"), TOKEN + "\n");
        IdentityMaterial identity =
                authority.member(SpiffeId.of("cluster", "kube-system", "api"), List.of("localhost"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(MeshTls.https(() -> Optional.of(identity))));
        server.createContext("/", this::handle);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.start();
    }

    KubernetesApi api() throws IOException {
        return KubernetesApi.of(
                URI.create("https://localhost:" + server.getAddress().getPort()), credentials);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, Struct.getDefaultInstance());
            return;
        }
        switch (exchange.getRequestMethod()) {
            case "POST" -> create(exchange, path, parse(sent));
            case "PATCH" -> {
                writes.add("patch " + path);
                answer(exchange, 200, objects.merge(path, parse(sent), FakeApiServer::merged));
            }
            case "DELETE" -> {
                if (!sent.isEmpty()) {
                    deletions.add(parse(sent));
                }
                answer(exchange, objects.remove(path) == null ? 404 : 200, Struct.getDefaultInstance());
            }
            default -> read(exchange, path);
        }
    }

    private void read(HttpExchange exchange, String path) throws IOException {
        Struct found = path.equals("/api/v1/namespaces")
                ? page(Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""))
                : Optional.ofNullable(objects.get(path)).orElseGet(() -> collection(path));
        answer(exchange, found == null ? 404 : 200, found == null ? Struct.getDefaultInstance() : found);
    }

    /** What lies below namespaces in collections of that name: "/api/v1/secrets"; null where there is none. */
    private @Nullable Struct collection(String path) {
        String kind = path.substring(path.lastIndexOf('/') + 1);
        if (!Set.of("secrets", "serviceaccounts", "revocations").contains(kind)) {
            return null;
        }
        ListValue.Builder items = ListValue.newBuilder();
        paths(kind)
                .forEach(each -> items.addValues(Json.object(objects.getOrDefault(each, Struct.getDefaultInstance()))));
        return Struct.newBuilder()
                .putFields("items", Value.newBuilder().setListValue(items).build())
                .build();
    }

    private void create(HttpExchange exchange, String collection, Struct sent) throws IOException {
        beforeCreate.run();
        Struct object = onCreate.apply(named(sent));
        String name = Json.textAt(object, "metadata", "name");
        if (name.isEmpty()) {
            // A question, as a review is: it is answered and not kept.
            answer(exchange, 201, object);
            return;
        }
        String path = collection + "/" + name;
        if (objects.putIfAbsent(path, object) != null) {
            answer(exchange, 409, Struct.getDefaultInstance());
            return;
        }
        writes.add("create " + path);
        answer(exchange, 201, object);
    }

    private static Struct named(Struct object) {
        String prefix = Json.textAt(object, "metadata", "generateName");
        return prefix.isEmpty()
                ? object
                : merged(
                        object,
                        Struct.newBuilder()
                                .putFields(
                                        "metadata",
                                        Json.object(
                                                Json.metadata(prefix + Long.toHexString(RANDOM.nextLong()), Map.of())))
                                .build());
    }

    private Struct page(String query) {
        int from = query.contains("continue=") ? Integer.parseInt(query.replaceAll(".*continue=", "")) : 0;
        String name = namespaces.get(from);
        Struct item = Struct.newBuilder()
                .putFields("metadata", Json.object(Json.metadata(name, Map.of())))
                .putFields("status", phase(name.startsWith("dying") ? "Terminating" : "Active"))
                .build();
        String next = from + 1 < namespaces.size() ? Integer.toString(from + 1) : "";
        return Struct.newBuilder()
                .putFields("metadata", Json.object(Json.texts(Map.of("continue", next))))
                .putFields(
                        "items",
                        Value.newBuilder()
                                .setListValue(ListValue.newBuilder().addValues(Json.object(item)))
                                .build())
                .build();
    }

    private static Value phase(String phase) {
        return Json.object(Json.texts(Map.of("phase", phase)));
    }

    private static Struct merged(Struct old, Struct change) {
        Struct.Builder merged = old.toBuilder();
        change.getFieldsMap()
                .forEach((name, value) -> merged.putFields(
                        name,
                        value.hasStructValue()
                                ? Json.object(merged(
                                        old.getFieldsOrDefault(name, Value.getDefaultInstance())
                                                .getStructValue(),
                                        value.getStructValue()))
                                : value));
        return merged.build();
    }

    private static Struct parse(String json) throws InvalidProtocolBufferException {
        Struct.Builder struct = Struct.newBuilder();
        JsonFormat.parser().merge(json, struct);
        return struct.build();
    }

    private static void answer(HttpExchange exchange, int status, Struct body) throws IOException {
        byte[] bytes = JsonFormat.printer().print(body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Paths of all objects of one kind. */
    Stream<String> paths(String kind) {
        return List.copyOf(objects.keySet()).stream().filter(path -> path.contains("/" + kind + "/"));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
