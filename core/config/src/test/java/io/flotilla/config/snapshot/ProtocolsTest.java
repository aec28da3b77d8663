package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolsTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "http, 80, TCP, '', HTTP, HTTP",
                "HTTP-web, 80, TCP, '', HTTP, HTTP",
                "httpx, 80, TCP, '', AUTO, TCP",
                "grpc-web-x, 80, TCP, '', GRPC_WEB, GRPC_WEB",
                "grpc-x, 80, TCP, '', GRPC, GRPC",
                "web, 80, TCP, http2, HTTP2, TCP",
                "http, 80, TCP, kubernetes.io/h2c, HTTP2, HTTP",
                "http, 80, UDP, '', UDP, UDP",
                "'', 80, TCP, '', AUTO, TCP",
                "'', 3306, TCP, '', TCP, TCP",
                "mysql-db, 3306, TCP, '', MYSQL, MYSQL",
            })
    void isNamedByThePortOrTheApplication(
            String name, int number, String transport, String application, Protocol current, Protocol classic) {
        assertThat(Protocols.ofPort(name, number, transport, application, false))
                .isEqualTo(current);
        assertThat(Protocols.ofPort(name, number, transport, application, true)).isEqualTo(classic);
    }

    @ParameterizedTest
    @CsvSource({
        "a.com, a.com, true",
        "a.com, *.com, true",
        "*.a.com, *.com, true",
        "*.com, *.a.com, false",
        "a.com, *.a.com, false",
        "a.com, *, true",
        "*, *.com, false",
    })
    void hostsContainEachOther(String inner, String outer, boolean subset) {
        assertThat(Hostnames.subsetOf(inner, outer)).isEqualTo(subset);
    }
}
