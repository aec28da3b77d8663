package io.flotilla.galley.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.File;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The API of a cluster by fabric8's client: its addresses, certificates and tokens, without the retries of its own,
 * since when to try again is decided here. For several threads at once.
 */
public final class ClusterClient implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 30;
    private static final int OK = 200;

    private final KubernetesClient client;
    private final HttpClient http;
    private final String server;
    private final ObjectMapper json = new ObjectMapper();

    private ClusterClient(KubernetesClient client) {
        this.client = client;
        this.http = client.getHttpClient();
        String url = client.getConfiguration().getMasterUrl();
        this.server = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** The cluster of a kubeconfig, or the one that the process finds itself in. */
    public static ClusterClient of(Optional<String> kubeconfig, Optional<String> context) {
        Config found = kubeconfig.isPresent()
                ? Config.fromKubeconfig(context.orElse(null), new File(kubeconfig.get()))
                : Config.autoConfigure(context.orElse(null));
        Config config = new ConfigBuilder(found)
                .withRequestRetryBackoffLimit(0)
                .withRequestTimeout(TIMEOUT_SECONDS * 1000)
                .build();
        return new ClusterClient(
                new KubernetesClientBuilder().withConfig(config).build());
    }

    /** Where the cluster is, for messages. */
    public String server() {
        return server;
    }

    /**
     * An answer.
     *
     * @param status HTTP's; 0 where there was none
     * @param body   missing where it is no JSON
     * @param error  why there is none, or what the server says is wrong
     */
    public record Answer(int status, JsonNode body, String error) {
        public boolean ok() {
            return status >= OK && status < 300;
        }
    }

    /** Asks for a path with its query. */
    public Answer get(String path) {
        return send(http.newHttpRequestBuilder()
                .uri(server + path)
                .header("Accept", "application/json")
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build());
    }

    /** POST, PUT or PATCH of a body. */
    public Answer send(String method, String path, String contentType, JsonNode body) {
        return send(http.newHttpRequestBuilder()
                .uri(server + path)
                .header("Accept", "application/json")
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .method(method, contentType, body.toString())
                .build());
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response =
                    http.sendAsync(request, String.class).get(TIMEOUT_SECONDS + 5L, TimeUnit.SECONDS);
            String text = response.bodyString();
            JsonNode body = parse(text);
            String message = body.path("message").asText(text);
            return new Answer(response.code(), body, response.isSuccessful() ? "" : message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, MissingNode.getInstance(), "interrupted");
        } catch (ExecutionException | TimeoutException | java.io.IOException e) {
            return new Answer(0, MissingNode.getInstance(), reason(e));
        }
    }

    /** What a line of a watch says; missing where it is no JSON. */
    JsonNode parse(String text) {
        try {
            JsonNode node = json.readTree(text);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Takes what a stream brings, on threads of the client. */
    interface Lines {
        /** The server answered, with 200 or why not. */
        void opened(int status, String error);

        void line(String line);

        /** No more lines; empty: the server ended in good order. */
        void ended(String error);
    }

    /** Ends a stream. */
    interface Stream extends AutoCloseable {
        @Override
        void close();
    }

    /** Opens a stream of lines; everything is told to the consumer, failures too. */
    Stream open(String path, Lines lines) {
        HttpRequest request = http.newHttpRequestBuilder()
                .uri(server + path)
                .header("Accept", "application/json")
                .forStreaming()
                .timeout(0, TimeUnit.SECONDS)
                .build();
        LineSplitter splitter = new LineSplitter(lines::line);
        CompletableFuture<HttpResponse<AsyncBody>> opened = http.consumeBytes(request, (buffers, body) -> {
            buffers.forEach(splitter::take);
            body.consume();
        });
        var _ = opened.whenComplete((response, failure) -> {
            if (failure != null) {
                lines.opened(0, reason(failure));
            } else {
                lines.opened(response.code(), response.code() == OK ? "" : "status " + response.code());
                follow(response.body(), lines::ended);
            }
        });
        return () -> {
            opened.cancel(false);
            var _ = opened.thenAccept(response -> response.body().cancel());
        };
    }

    private static void follow(AsyncBody body, Consumer<String> ended) {
        var _ = body.done().whenComplete((nothing, broken) -> ended.accept(broken == null ? "" : reason(broken)));
        body.consume();
    }

    private static String reason(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause == null
                ? "unknown"
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public void close() {
        client.close();
    }
}
