package io.flotilla.telemetry.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.telemetry.record.ReportingProxy.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportingProxyTest {
    private static final Node NODE = Entries.node("reviews-0", "default", "bookinfo-reviews");

    @Test
    void isThePodOfTheNode() {
        assertThat(ReportingProxy.of(NODE, "flotilla.outbound", ""))
                .isInstanceOfSatisfying(Verdict.Admitted.class, it -> {
                    assertThat(it.proxy().key()).isEqualTo("default/reviews-0");
                    assertThat(it.proxy().kind()).isEqualTo(LogKind.OUTBOUND);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "spiffe://cluster.local/ns/default/sa/bookinfo-reviews, true",
        "spiffe://other.domain/ns/default/sa/bookinfo-reviews, true",
        "spiffe://cluster.local/ns/default/sa/bookinfo-ratings, false",
        "spiffe://cluster.local/ns/other/sa/bookinfo-reviews, false",
        "spiffe://cluster.local/vm/7, false"
    })
    void reportsOnlyForPodsOfItsOwnIdentity(String peerUri, boolean admitted) {
        Verdict verdict = ReportingProxy.of(NODE, "flotilla.inbound", peerUri);

        assertThat(verdict instanceof Verdict.Admitted).isEqualTo(admitted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "reviews-0", "sidecar~10.0.0.1~reviews~x", "sidecar~10.0.0.1~.default~x", "a~b~c.~d"})
    void aNodeIdOfAnotherFormIsRefused(String id) {
        assertThat(ReportingProxy.of(Node.newBuilder().setId(id).build(), "flotilla.inbound", ""))
                .isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void aLogOfSomebodyElseIsRefused() {
        assertThat(ReportingProxy.of(NODE, "my-log", "")).isInstanceOf(Verdict.Refused.class);
    }
}
