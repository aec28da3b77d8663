package io.flotilla.telemetry.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.events.v1.SecurityPolicy;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who would break under STRICT. */
class PlaintextClientsTest {
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

    private static RequestRecord.Builder record(int second) {
        return RequestRecord.newBuilder()
                .setType(RecordType.HTTP)
                .setProtocol("http")
                .setReporter(Reporter.DESTINATION)
                .setSecurity(SecurityPolicy.NONE)
                .setStart(Timestamps.fromSeconds(SINCE.getEpochSecond() + second))
                .setSource(Peer.newBuilder().setAddress("10.44.0.7:40000"))
                .setDestination(Peer.newBuilder()
                        .setNamespace("shop")
                        .setWorkload("cart-v1")
                        .setAddress("10.44.0.9:8080"));
    }

    private static PlaintextClients.Found found(RequestRecord.Builder... records) {
        PlaintextClients clients = new PlaintextClients("shop", SINCE);
        List.of(records).forEach(record -> clients.take(record.build()));
        return clients.found();
    }

    @Test
    void plaintextIsToldByWorkloadAndClientWithItsLastTime() {
        RequestRecord.Builder known = record(5);
        known.getSourceBuilder().setNamespace("web").setWorkload("ui-v1");

        PlaintextClients.Found found = found(record(9), record(3), known);

        assertThat(found.clients())
                .containsExactly(
                        new PlaintextClients.Seen(
                                new PlaintextClients.Client("shop/cart-v1", "8080", "10.44.0.7", "http"),
                                2,
                                SINCE.plusSeconds(9)),
                        new PlaintextClients.Seen(
                                new PlaintextClients.Client("shop/cart-v1", "8080", "web/ui-v1", "http"),
                                1,
                                SINCE.plusSeconds(5)));
        assertThat(found.first()).isEqualTo(SINCE.plusSeconds(3));
        assertThat(found.workloads()).isEqualTo(1);
    }

    @Test
    void whoHasACertificateIsReady() {
        PlaintextClients.Found found = found(record(1).setSecurity(SecurityPolicy.MUTUAL_TLS));
        assertThat(found.clients()).isEmpty();
        assertThat(found.secured()).isEqualTo(1);
    }

    @Test
    void otherNamespacesOtherReportersAndEarlierOnesAreLeftOut() {
        RequestRecord.Builder elsewhere = record(1);
        elsewhere.getDestinationBuilder().setNamespace("other");

        assertThat(found(elsewhere, record(1).setReporter(Reporter.SOURCE), record(-1))
                        .records())
                .isZero();
    }

    @Test
    void whatIsRefusedAlreadyBreaksNothing() {
        assertThat(found(record(1).setDecision(Decision.newBuilder().setVerdict(Decision.Verdict.DENIED)))
                        .clients())
                .isEmpty();
    }

    @Test
    void aConnectionCountsOnce() {
        PlaintextClients.Found found = found(
                record(1).setType(RecordType.TCP_OPEN).setProtocol("tcp"),
                record(2).setType(RecordType.TCP_CLOSE).setProtocol("tcp"));
        assertThat(found.clients()).hasSize(1);
        assertThat(found.clients().getFirst().times()).isEqualTo(1);
    }
}
