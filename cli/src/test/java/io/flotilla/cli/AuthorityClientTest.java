package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.service.HostPort;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

class AuthorityClientTest {
    private static final HostPort CITADEL = HostPort.parse("127.0.0.1:8060");

    @Test
    void whereCitadelIsAwayItSaysSoInOneLine() {
        Status away = Status.UNAVAILABLE.withDescription("io exception\nChannel Pipeline: [SslHandler#0, Tail#0]");
        CommandFailure failure = AuthorityClient.failure(CITADEL, away, true);
        assertThat(failure)
                .hasMessage("citadel cannot be reached at 127.0.0.1:8060: io exception; see \"flotilla status\"");
        assertThat(AuthorityClient.failure(CITADEL, Status.DEADLINE_EXCEEDED, false))
                .hasMessage("citadel cannot be reached at 127.0.0.1:8060: no word of it");
    }

    @Test
    void whatCitadelRefusesIsTheAnswerNo() {
        assertThat(AuthorityClient.failure(CITADEL, Status.PERMISSION_DENIED.withDescription("not yours"), true))
                .hasMessage("citadel 127.0.0.1:8060: not yours");
    }
}
