package io.flotilla.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.base.FreePort;
import io.grpc.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrpcServersTest {
    @Test
    void anotherServerMayTakeThePortOfAClosedOne() throws IOException {
        int port = FreePort.next();
        for (int i = 0; i < 500; i++) {
            Server server = Echo.start(GrpcServers.builder("127.0.0.1", port, null));
            GrpcServers.close(List.of(server), Duration.ZERO);
            assertThat(server.isTerminated()).isTrue();
            FreePort.awaitFree(port);
        }
    }
}
