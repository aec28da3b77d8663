package io.flotilla.gateway.process;

import io.flotilla.envoy.bootstrap.Address;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What is asked of Envoy over HTTP: its admin interface and its readiness listener. */
public final class EnvoyAdmin implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final String ACTIVE = "^http\\..*downstream_(rq|cx)_active$|^listener\\..*downstream_cx_active$";
    // The same connections again, thread by thread.
    private static final Pattern PER_THREAD = Pattern.compile("\\.(worker_\\d+|main_thread)\\.downstream_cx_active:");
    private static final List<String> OWN = List.of("http.admin.", "http.probes.", "http.readiness.", "http.stats.");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final Address admin;
    private final Address readiness;

    /** Of an Envoy that listens there. */
    public EnvoyAdmin(Address admin, Address readiness) {
        this.admin = reachable(admin);
        this.readiness = reachable(readiness);
    }

    // A listener on all addresses is asked on loopback.
    private static Address reachable(Address address) {
        return switch (address.host()) {
            case "0.0.0.0" -> new Address("127.0.0.1", address.port());
            case "::" -> new Address("::1", address.port());
            default -> address;
        };
    }

    /** Whether clusters and listeners have arrived, and no drain has begun. */
    public boolean ready() {
        try {
            return get("http://" + readiness + "/healthz/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Takes Envoy out of service: not ready any more, connections are asked to end, then listeners close. */
    void drain() throws IOException {
        post("/healthcheck/fail");
        post("/drain_listeners?graceful&skip_exit");
    }

    /**
     * Requests under way on the listeners that Pilot gave, and connections that are passed on as they are, of which Envoy
     * has no gauge: those of listeners that are none of HTTP. Empty where Envoy does not answer.
     */
    OptionalLong active() {
        try {
            List<String> stats = get("http://" + admin + "/stats?filter="
                            + URLEncoder.encode(ACTIVE, StandardCharsets.UTF_8))
                    .body()
                    .lines()
                    .toList();
            long passed = sum(
                            stats,
                            line -> line.startsWith("listener.")
                                    && !PER_THREAD.matcher(line).find())
                    - sum(stats, line -> line.startsWith("http.") && line.contains(".downstream_cx_active:"));
            long requests = sum(
                    stats,
                    line -> line.contains(".downstream_rq_active:")
                            && OWN.stream().noneMatch(line::startsWith));
            // The gauges are read one after the other.
            return OptionalLong.of(requests + Math.max(0, passed));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static long sum(List<String> stats, Predicate<String> which) {
        return stats.stream().filter(which).mapToLong(EnvoyAdmin::value).sum();
    }

    private static long value(String line) {
        try {
            return Long.parseLong(line.substring(line.lastIndexOf(':') + 1).trim());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void post(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + admin + path))
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = send(request);
        if (answer.statusCode() != 200) {
            throw new IOException("POST " + path + " was answered " + answer.statusCode());
        }
    }

    private HttpResponse<String> get(String url) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
