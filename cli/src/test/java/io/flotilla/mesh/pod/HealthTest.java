package io.flotilla.mesh.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final Instant START = Instant.EPOCH;

    private static PodProbe probe(PodProbe.Check check) {
        return new PodProbe(check, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(10), 1);
    }

    private static LocalContainer container(PodProbe readiness) {
        return new LocalContainer(
                "app",
                new LocalContainer.Entry("app", List.of(), List.of(), Map.of()),
                Map.of(),
                new LocalContainer.Probes(Optional.empty(), Optional.of(readiness), Optional.empty()),
                Duration.ZERO,
                0);
    }

    @Test
    void saysWhyAContainerIsNotReady() throws IOException {
        AtomicInteger status = new AtomicInteger(503);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/ready", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        Health health = new Health(container(probe(new PodProbe.Check.Http(port, "/ready", Map.of()))));
        health.reset(START);
        assertThat(health.failure()).as("not asked yet").isEmpty();

        health.tick(START, HealthTest::ask);
        assertThat(health.ready()).isFalse();
        assertThat(health.failure()).isEqualTo("app is not ready: port " + port + "/ready answers 503");

        status.set(200);
        health.tick(START.plusSeconds(1), HealthTest::ask);
        assertThat(health.ready()).isTrue();
        assertThat(health.failure()).isEmpty();

        server.stop(0);
        health.tick(START.plusSeconds(2), HealthTest::ask);
        assertThat(health.failure()).startsWith("app is not ready: port " + port + "/ready: ");
        assertThat(ask(probe(new PodProbe.Check.Tcp(port)))).startsWith("port " + port + ": ");
    }

    @Test
    void aCommandFailsByItsExit() {
        assertThat(ask(probe(new PodProbe.Check.Exec(List.of("false"))))).isEqualTo("\"false\" fails");
        assertThat(ask(probe(new PodProbe.Check.Exec(List.of("true"))))).isEmpty();
    }

    private static String ask(PodProbe probe) {
        return ProbeRun.failure(probe, "127.0.0.1", command -> command);
    }
}
