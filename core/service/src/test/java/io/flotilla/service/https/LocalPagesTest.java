package io.flotilla.service.https;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalPagesTest {
    @ParameterizedTest
    @CsvSource({
        "/debug/config_dump, 127.0.0.1, true",
        "/debug/config_dump, ::1, true",
        "/debug/config_dump, 10.44.0.9, false",
        "/debug/config_dump, fd00::9, false",
        "/debug/held/confirm, 192.168.1.1, false",
        "/debug, 10.44.0.9, false",
        "/metrics, 10.44.0.9, true",
        "/health/ready, 10.44.0.9, true"
    })
    void debugPagesAreForCallersOnTheMachine(String path, String caller, boolean permitted) {
        SocketAddress address = SocketAddress.inetSocketAddress(41_000, caller);
        assertThat(new LocalPages(false).permits(path, address)).isEqualTo(permitted);
        assertThat(new LocalPages(true).permits(path, address)).isTrue();
    }
}
