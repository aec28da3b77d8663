package io.flotilla.citadel.kubernetes;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.MeshTls;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The few calls of the Kubernetes API that Citadel needs, by the JDK's client: a full client would cost more memory
 * than the rest of Citadel. The token is read anew for each call, since the kubelet replaces it.
 */
public final class KubernetesApi {
    private static final int PAGE = 500;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI server;
    private final Path token;
    private final HttpClient http;

    private KubernetesApi(URI server, Path token, HttpClient http) {
        this.server = server;
        this.token = token;
        this.http = http;
    }

    /**
     * The API of a cluster.
     *
     * @param credentials the folder that Kubernetes mounts into each pod: "token" and "ca.crt"
     */
    public static KubernetesApi of(URI server, Path credentials) throws IOException {
        Path authority = credentials.resolve("ca.crt");
        TrustManager trust = MeshTls.trust(Certificates.parse(Files.readString(authority))
                .orElseThrow(() -> new IOException(authority + " holds no certificate")));
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {trust}, null);
            HttpClient http = HttpClient.newBuilder()
                    .sslContext(tls)
                    .connectTimeout(TIMEOUT)
                    .build();
            return new KubernetesApi(server, credentials.resolve("token"), http);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS to " + server, e);
        }
    }

    /**
     * An answer of the server.
     *
     * @param body empty where it is no JSON object
     */
    public record Answer(int status, Struct body) {
        private static final int OK = 200;
        private static final int CREATED = 201;
        private static final int NOT_FOUND = 404;
        private static final int CONFLICT = 409;

        /** Whether there is what was asked for. */
        public boolean done() {
            return status == OK || status == CREATED;
        }

        boolean missing() {
            return status == NOT_FOUND;
        }

        boolean conflict() {
            return status == CONFLICT;
        }

        /** For messages: the status and what the server says to it. */
        public String reason() {
            return status + " "
                    + body.getFieldsOrDefault("message", Value.getDefaultInstance())
                            .getStringValue();
        }
    }

    /** The object at a path. */
    public Answer get(String path) throws IOException {
        return send(request(path).GET());
    }

    /**
     * All objects of a collection, page by page.
     *
     * @param query of the URL, encoded; may be empty
     */
    List<Struct> list(String path, String query) throws IOException {
        List<Struct> all = new ArrayList<>();
        String next = "";
        do {
            Answer page = get(path + "?limit=" + PAGE + (query.isEmpty() ? "" : "&" + query)
                    + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8)));
            if (!page.done()) {
                throw new IOException(path + ": the API server says " + page.reason());
            }
            all.addAll(Json.items(page.body()));
            next = Json.textAt(page.body(), "metadata", "continue");
        } while (!next.isEmpty());
        return all;
    }

    Answer create(String path, Struct object) throws IOException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.print(object))));
    }

    Answer delete(String path) throws IOException {
        return send(request(path).DELETE());
    }

    /** Only as it was seen: another object of that name, or a changed one, is a conflict. */
    Answer delete(String path, String uid, String resourceVersion) throws IOException {
        Struct options = Json.texts(Map.of("apiVersion", "v1", "kind", "DeleteOptions")).toBuilder()
                .putFields(
                        "preconditions",
                        Json.object(Json.texts(Map.of("uid", uid, "resourceVersion", resourceVersion))))
                .build();
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("DELETE", HttpRequest.BodyPublishers.ofString(Json.print(options))));
    }

    /** A JSON merge patch (RFC 7396). */
    Answer patch(String path, Struct change) throws IOException {
        return send(request(path)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(Json.print(change))));
    }

    private HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + Files.readString(token).strip());
    }

    private Answer send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Struct.Builder body = Struct.newBuilder();
            parse(response.body(), body);
            return new Answer(response.statusCode(), body.build());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void parse(String text, Struct.Builder body) {
        try {
            JsonFormat.parser().merge(text, body);
        } catch (InvalidProtocolBufferException e) {
            // A proxy's error page, say: the status alone decides then.
            body.clear();
        }
    }
}
