package io.flotilla.pilot.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebugAccessTest {
    private static final SocketAddress HERE = SocketAddress.inetSocketAddress(1234, "127.0.0.1");
    private static final SocketAddress HERE_TOO = SocketAddress.inetSocketAddress(1234, "::1");
    private static final SocketAddress ELSEWHERE = SocketAddress.inetSocketAddress(1234, "10.1.2.3");

    @Test
    void withoutATokenOnlyThisMachineIsServed() {
        DebugAccess access = new DebugAccess(Optional.empty());
        assertThat(access.allowed(HERE, null)).isTrue();
        assertThat(access.allowed(HERE_TOO, null)).isTrue();
        assertThat(access.allowed(ELSEWHERE, null)).isFalse();
        assertThat(access.allowed(ELSEWHERE, "Bearer ")).isFalse();
    }

    @Test
    void whoShowsTheTokenOfTheFileIsServedAndItCanBeReplaced(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("token");
        DebugAccess access = new DebugAccess(Optional.of(file));
        assertThat(access.allowed(ELSEWHERE, "Bearer one")).isFalse();
        Files.writeString(file, "one\n");
        assertThat(access.allowed(ELSEWHERE, "Bearer one")).isTrue();
        assertThat(access.allowed(ELSEWHERE, "Bearer two")).isFalse();
        assertThat(access.allowed(ELSEWHERE, "one")).isFalse();
        Files.writeString(file, "two\n");
        assertThat(access.allowed(ELSEWHERE, "Bearer one")).isFalse();
        assertThat(access.allowed(ELSEWHERE, "Bearer two")).isTrue();
        Files.writeString(file, "\n");
        assertThat(access.allowed(ELSEWHERE, "Bearer ")).isFalse();
    }
}
