package io.flotilla.galley.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flotilla.fixtures.base.FreePort;
import io.flotilla.galley.source.MassDeletionGuard;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source against a Consul server in development mode: FLOTILLA_CONSUL, or consul on the PATH. */
class RealConsulTest {
    @TempDir
    Path folder;

    private static Optional<String> consul() {
        String given = System.getenv("FLOTILLA_CONSUL");
        return Stream.concat(
                        Stream.ofNullable(given),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                                .map(directory -> directory + "/consul"))
                .filter(file -> new File(file).canExecute())
                .findFirst();
    }

    @Test
    void followsARealCatalog() throws Exception {
        Optional<String> binary = consul();
        assumeTrue(binary.isPresent(), "no consul on the PATH and none in FLOTILLA_CONSUL: not shown with a real one");
        int port = FreePort.next();
        Process server = new ProcessBuilder(List.of(
                        binary.orElseThrow(),
                        "agent",
                        "-dev",
                        "-bind=127.0.0.1",
                        "-client=127.0.0.1",
                        "-http-port=" + port,
                        "-grpc-port=-1",
                        "-dns-port=-1",
                        "-server-port=" + FreePort.next(),
                        "-serf-lan-port=" + FreePort.next(),
                        "-serf-wan-port=-1",
                        "-node=here"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("consul.log").toFile())
                .start();
        String address = "http://127.0.0.1:" + port;
        Told told = new Told();
        try (HttpClient http = HttpClient.newHttpClient();
                ConsulSource source = new ConsulSource(
                        new ConsulApi(address, Optional.empty(), Optional.empty(), Optional.empty()),
                        "default",
                        Duration.ofMinutes(5),
                        new MassDeletionGuard(Duration.ofSeconds(1)))) {
            register(http, address, "web-1", 8080, true);
            source.start(told);
            assertThat(told.await(documents -> documents.containsKey("consul/web")))
                    .hasSize(2);
            register(http, address, "web-2", 8081, true);
            told.await(documents -> documents.size() == 3);
            put(http, address + "/v1/agent/check/fail/service:web-2", "");
            told.await(documents -> documents.values().stream().anyMatch(text -> text.contains("\"false\"")));
            put(http, address + "/v1/agent/check/pass/service:web-2", "");
            told.await(documents -> documents.values().stream().noneMatch(text -> text.contains("\"false\"")));
            put(http, address + "/v1/agent/service/deregister/web-2", "");
            told.await(documents -> documents.size() == 2);
            put(http, address + "/v1/agent/service/deregister/web-1", "");
            told.await(documents -> documents.isEmpty());
        } finally {
            server.destroy();
            assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void register(HttpClient http, String address, String id, int port, boolean passing)
            throws Exception {
        String body = """
                {"ID": "%s", "Name": "web", "Address": "10.1.0.1", "Port": %d, "Tags": ["version|v1"],
                 "Meta": {"protocol": "http"}, "Check": {"TTL": "10m", "Status": "%s"}}
                """.formatted(id, port, passing ? "passing" : "critical");
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!put(http, address + "/v1/agent/service/register", body)) {
            assertThat(System.nanoTime()).as("Consul never answered").isLessThan(until);
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private static boolean put(HttpClient http, String uri, String body) throws InterruptedException {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(uri))
                            .PUT(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
