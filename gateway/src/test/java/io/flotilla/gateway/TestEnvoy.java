package io.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.bootstrap.Address;
import io.flotilla.fixtures.base.FreePort;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Where a test's Envoy listens, and how a test waits. */
public final class TestEnvoy {
    private TestEnvoy() {}

    /** A free port of loopback. */
    public static Address free() {
        return new Address("127.0.0.1", FreePort.next());
    }

    /** Waits up to a minute. */
    public static void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plusSeconds(60);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("still waiting: " + what).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
