package io.flotilla.galley.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.SourceStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // before each test
class ConsulSourceTest {
    /** Longer than a test waits: what comes was told, and not found when the time was up. */
    private static final Duration BLOCKING = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private FakeConsul consul;
    private ConsulSource source;
    private final Told told = new Told();

    @BeforeEach
    void start() throws Exception {
        consul = new FakeConsul();
        consul.put("web", "web-1", "10.1.0.1", 8080, "passing", "version|v1").put("db", "db-1", "", 3306, "passing");
        source = source(Duration.ofHours(1), Optional.empty());
    }

    private ConsulSource source(Duration confirmAfter, Optional<Path> token) {
        return new ConsulSource(
                new ConsulApi(consul.address(), Optional.empty(), token, Optional.empty()),
                "services",
                BLOCKING,
                new MassDeletionGuard(confirmAfter));
    }

    @AfterEach
    void stop() {
        source.close();
        consul.close();
    }

    @Test
    void tellsTheWholeCatalogAtOnceAndThenWhatChanges() throws Exception {
        source.start(told);
        assertThat(told.await(documents -> true))
                .containsKeys("consul/web", "consul/db")
                .hasSize(4);
        assertThat(told.calls()).isEqualTo(1);
        awaitStatus(SourceStatus.Synced.class);
        consul.put("web", "web-2", "10.1.0.2", 8080, "passing");
        told.await(documents -> documents.size() == 5);
        consul.put("web", "web-2", "10.1.0.2", 8080, "critical");
        told.await(documents -> documents.values().stream().anyMatch(text -> text.contains("\"false\"")));
        consul.remove("db");
        told.await(documents -> !documents.containsKey("consul/db"));
    }

    @Test
    void waitsForChangesInsteadOfAsking() throws Exception {
        source.start(told);
        told.await(documents -> true);
        int asked = consul.asked();
        consul.put("web", "web-2", "10.1.0.2", 8080, "passing");
        told.await(documents -> documents.size() == 5);
        // Both queries may have been under way, and each is asked again after an answer: not once more.
        assertThat(consul.asked() - asked).isLessThanOrEqualTo(6);
    }

    @Test
    void indexThatGoesBackwardsBeginsAnew() throws Exception {
        source.start(told);
        told.await(documents -> true);
        consul.restore(3);
        consul.put("late", "late-1", "10.1.0.9", 80, "passing");
        told.await(documents -> documents.containsKey("consul/late"));
    }

    @Test
    void whatIsKnownStaysWhileConsulIsAway() throws Exception {
        source.start(told);
        told.await(documents -> true);
        consul.breakDown(true);
        consul.put("web", "web-1", "10.1.0.1", 9999, "passing");
        awaitStatus(SourceStatus.Stale.class);
        assertThat(told.await(documents -> true)).hasSize(4);
        consul.breakDown(false);
        told.await(documents -> documents.toString().contains("9999"));
        awaitStatus(SourceStatus.Synced.class);
    }

    @Test
    void catalogThatLostMoreThanHalfIsNotBelievedAtOnce() throws Exception {
        consul.put("x", "x-1", "10.1.0.3", 1, "passing");
        source.start(told);
        told.await(documents -> documents.size() == 6);
        consul.remove("x", "web");
        awaitStatus(SourceStatus.Stale.class);
        assertThat(told.await(documents -> true)).hasSize(6);
    }

    @Test
    void catalogThatLostMoreThanHalfIsBelievedTheSecondTime() throws Exception {
        source.close();
        Duration confirmAfter = Duration.ofMillis(600);
        source = source(confirmAfter, Optional.empty());
        consul.put("x", "x-1", "10.1.0.3", 1, "passing");
        source.start(told);
        told.await(documents -> documents.size() == 6);
        Instant lost = Instant.now();
        consul.remove("x", "web");
        assertThat(told.await(documents -> documents.size() == 2)).containsKey("consul/db");
        assertThat(Duration.between(lost, Instant.now())).isGreaterThanOrEqualTo(confirmAfter);
        awaitStatus(SourceStatus.Synced.class);
    }

    @Test
    void tokenIsReadFromItsFileEachTime() throws Exception {
        source.close();
        consul.requireToken("secret");
        Path token = folder.resolve("token");
        Files.writeString(token, "wrong");
        source = source(Duration.ofHours(1), Optional.of(token));
        source.start(told);
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!(source.status() instanceof SourceStatus.Starting starting
                && starting.waitingFor().contains("403"))) {
            assertThat(System.nanoTime()).isLessThan(until);
            LockSupport.parkNanos(1_000_000);
        }
        Files.writeString(token, "secret\n");
        assertThat(told.await(documents -> true)).hasSize(4);
    }

    private void awaitStatus(Class<? extends SourceStatus> wanted) {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!wanted.isInstance(source.status())) {
            assertThat(System.nanoTime()).as("%s", source.status()).isLessThan(until);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
