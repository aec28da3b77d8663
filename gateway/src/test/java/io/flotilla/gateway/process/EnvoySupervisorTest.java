package io.flotilla.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.envoy.EnvoyBinary;
import io.flotilla.gateway.TestEnvoy;
import io.flotilla.service.Backoff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Supervision of a real Envoy. */
class EnvoySupervisorTest {
    private static final RestartPolicy QUICK =
            new RestartPolicy(new Backoff(Duration.ofMillis(20), Duration.ofMillis(200)), Duration.ofMinutes(1));
    private static final String BOOTSTRAP = "{\"admin\": {}}";

    @TempDir
    private Path directory;

    private final List<EnvoySupervisor> started = new java.util.ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(supervisor -> supervisor.stop(Duration.ofSeconds(5)));
    }

    @Test
    void envoyThatEndsIsStartedAgain() throws Exception {
        EnvoySupervisor supervisor = supervise(BOOTSTRAP);
        long first = pid(supervisor);
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        TestEnvoy.await(
                "another Envoy",
                () -> supervisor
                        .process()
                        .filter(process -> process.pid() != first)
                        .isPresent());
        assertThat(supervisor.restarts()).isEqualTo(1);
    }

    @Test
    void nextGatewayProcessAdoptsTheEnvoy() throws Exception {
        EnvoySupervisor killed = supervise(BOOTSTRAP);
        long pid = pid(killed);
        killed.abandon();
        EnvoySupervisor next = supervise(BOOTSTRAP);
        assertThat(next.process().orElseThrow().pid()).isEqualTo(pid);
        assertThat(next.adopted()).isTrue();
        assertThat(next.restarts()).isZero();
        next.stop(Duration.ofSeconds(5));
        awaitEnd(pid);
        assertThat(directory.resolve("envoy.pid")).doesNotExist();
    }

    @Test
    void adoptedEnvoyThatEndsIsStartedAgain() throws Exception {
        EnvoySupervisor killed = supervise(BOOTSTRAP);
        long pid = pid(killed);
        killed.abandon();
        EnvoySupervisor next = supervise(BOOTSTRAP);
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        TestEnvoy.await(
                "another Envoy",
                () -> next.process().filter(process -> process.pid() != pid).isPresent());
        assertThat(next.adopted()).isFalse();
    }

    @Test
    void envoyWithAnotherBootstrapIsReplaced() throws Exception {
        EnvoySupervisor killed = supervise(BOOTSTRAP);
        long pid = pid(killed);
        killed.abandon();
        EnvoySupervisor next = supervise("{\"admin\": {}, \"node\": {\"id\": \"other\"}}");
        assertThat(pid(next)).isNotEqualTo(pid);
        awaitEnd(pid);
    }

    @Test
    void processThatOnlyHasThePidIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(directory.resolve("envoy.pid"), other.pid() + " 12345\n");
            Files.writeString(directory.resolve("envoy-rev0.json"), BOOTSTRAP);
            EnvoySupervisor supervisor = supervise(BOOTSTRAP);
            assertThat(pid(supervisor)).isNotEqualTo(other.pid());
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void envoyThatNeverComesUpIsTriedEverMoreSlowly() throws Exception {
        EnvoySupervisor supervisor = supervise("{\"no such field\": 1}");
        TestEnvoy.await("three restarts", () -> supervisor.restarts() >= 3);
        // Envoy's libraries put a second space into such a text now and then, so that nobody goes by its form.
        assertThat(directory.resolve("envoy.log")).content().containsPattern("no\\s+such\\s+field");
    }

    @Test
    void delayGrowsAndBeginsAnewAfterAStableRun() {
        Random random = new Random(1);
        RestartPolicy policy = RestartPolicy.DEFAULT;
        assertThat(policy.delay(1, random)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        assertThat(policy.delay(5, random)).isBetween(Duration.ofMillis(1600), Duration.ofMillis(3200));
        assertThat(policy.delay(50, random)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
        assertThat(policy.failures(7, Duration.ofSeconds(59))).isEqualTo(8);
        assertThat(policy.failures(7, Duration.ofSeconds(60))).isEqualTo(1);
    }

    private EnvoySupervisor supervise(String bootstrap) throws IOException {
        EnvoyCommand command = new EnvoyCommand(
                EnvoyBinary.found(), EnvoyCommand.Place.in(directory), "warning", 1, Duration.ofSeconds(1), Map.of());
        EnvoySupervisor supervisor = EnvoySupervisor.start(command, bootstrap, QUICK, new Random(1));
        started.add(supervisor);
        return supervisor;
    }

    /** A process has ended when it is over; Java, whose child it is, hears of that a moment later. */
    private static void awaitEnd(long pid) {
        TestEnvoy.await(
                "the end of " + pid,
                () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    private static long pid(EnvoySupervisor supervisor) {
        TestEnvoy.await("an Envoy", () -> supervisor.process().isPresent());
        return supervisor.process().orElseThrow().pid();
    }
}
