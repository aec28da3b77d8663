package io.flotilla.mixer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogCountersTest {
    @Test
    void areReadFromEnvoysText() {
        String text = """
                # TYPE envoy_access_logs_grpc_access_log_logs_dropped counter
                envoy_access_logs_grpc_access_log_logs_dropped{} 7
                # TYPE envoy_access_logs_grpc_access_log_logs_written counter
                envoy_access_logs_grpc_access_log_logs_written{} 2001
                # TYPE envoy_server_uptime gauge
                envoy_server_uptime{} 5
                """;

        assertThat(LogCounters.parse(text)).isEqualTo(new LogCounters(2_001, 7));
        assertThat(LogCounters.parse("")).isEqualTo(LogCounters.NONE);
    }

    @Test
    void aRestartedProxyCountsFromAnew() {
        assertThat(new LogCounters(100, 5).since(new LogCounters(90, 5))).isEqualTo(new LogCounters(10, 0));
        assertThat(new LogCounters(30, 1).since(new LogCounters(100, 5))).isEqualTo(new LogCounters(30, 1));
    }
}
