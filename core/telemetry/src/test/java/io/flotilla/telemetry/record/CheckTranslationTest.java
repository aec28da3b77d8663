package io.flotilla.telemetry.record;

import static io.flotilla.telemetry.record.Entries.address;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.protobuf.util.Timestamps;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.telemetry.audit.RequestKey;
import io.flotilla.telemetry.registry.FakeRegistry;
import io.flotilla.telemetry.registry.RegistryHistory;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a proxy asks before a request goes on. */
class CheckTranslationTest {
    private static final String CLIENT = "spiffe://cluster.local/ns/default/sa/client";
    private static final String SERVER = "spiffe://cluster.local/ns/default/sa/server";

    private final CheckTranslation translation = new CheckTranslation(RegistryHistory.empty()
            .with(
                    new FakeRegistry()
                            .pod("default", "client-0", "10.44.0.1", "client", "client")
                            .pod("default", "server-0", "10.44.0.9", "server", "server"),
                    Instant.EPOCH));

    private static CheckRequest check() {
        return CheckRequest.newBuilder()
                .setAttributes(AttributeContext.newBuilder()
                        .setSource(AttributeContext.Peer.newBuilder()
                                .setPrincipal(CLIENT)
                                .setAddress(address("10.44.0.1", 40_000)))
                        .setDestination(AttributeContext.Peer.newBuilder()
                                .setPrincipal(SERVER)
                                .setAddress(address("10.44.0.9", 8080)))
                        .setRequest(AttributeContext.Request.newBuilder()
                                .setHttp(AttributeContext.HttpRequest.newBuilder()
                                        .setMethod("DELETE")
                                        .setHost("server")
                                        .setPath("/books/1?token=x"))))
                .build();
    }

    private RequestRecord told(CheckRequest check, String uri, String pod, CheckTranslation.Beside found) {
        return switch (translation.of(check, new CheckTranslation.Asking(uri, pod), found, Instant.EPOCH)) {
            case CheckTranslation.Result.Told(RequestRecord record) -> record;
            case CheckTranslation.Result.Refused(String reason) -> throw new AssertionError(reason);
        };
    }

    @Test
    void bothSidesAndTheRequestAreOnRecordWithoutItsQuery() {
        RequestRecord record = told(check(), SERVER, "default/server-0", CheckTranslation.Beside.NOTHING);

        assertThat(record.getSource().getWorkload()).isEqualTo("client-v1");
        assertThat(record.getSource().getPrincipal()).isEqualTo(CLIENT);
        assertThat(record.getDestination().getWorkload()).isEqualTo("server-v1");
        assertThat(record.getHttp().getMethod()).isEqualTo("DELETE");
        assertThat(record.getHttp().getPath()).isEqualTo("/books/1");
        assertThat(record.getDecision().getVerdict()).isEqualTo(Decision.Verdict.ALLOWED);
        assertThat(record.getDecision().getRecorded()).isTrue();
    }

    @Test
    void aConnectionsVerdictComesBesideTheQuestion() {
        CheckRequest.Builder connection = check().toBuilder();
        connection.getAttributesBuilder().clearRequest();
        Metadata found = Metadata.newBuilder()
                .putFilterMetadata(
                        "envoy.filters.network.rbac",
                        Struct.newBuilder()
                                .putFields(
                                        "flotilla_deny_shadow_engine_result",
                                        Value.newBuilder()
                                                .setStringValue("denied")
                                                .build())
                                .putFields(
                                        "flotilla_deny_shadow_effective_policy_id",
                                        Value.newBuilder().setStringValue("x").build())
                                .build())
                .build();

        RequestRecord record = told(
                connection.build(),
                SERVER,
                "default/server-0",
                new CheckTranslation.Beside(found, "a-connection", Timestamps.fromSeconds(9)));

        assertThat(record.getType()).isEqualTo(RecordType.TCP_OPEN);
        assertThat(record.getDecision().getVerdict()).isEqualTo(Decision.Verdict.DENIED);
        assertThat(record.getDecision().getPolicy()).isEqualTo("x");
        assertThat(record.getStart()).isEqualTo(Timestamps.fromSeconds(9));
        assertThat(RequestKey.of(record)).isPresent();
    }

    @Test
    void theKeyIsThatOfTheAccessLogAndNotForCallersToChoose() {
        CheckRequest.Builder asked = check().toBuilder();
        asked.getAttributesBuilder()
                .getRequestBuilder()
                .setTime(Timestamp.newBuilder().setSeconds(5).setNanos(123_456_789))
                .getHttpBuilder()
                .putHeaders("x-request-id", "chosen");
        RequestRecord record = told(asked.build(), SERVER, "default/server-0", CheckTranslation.Beside.NOTHING);
        RequestRecord logged = RequestRecord.newBuilder()
                .setReporter(Reporter.DESTINATION)
                .setDestination(Peer.newBuilder().setNamespace("default").setPod("server-0"))
                .setStreamId("chosen")
                .setStart(record.getStart())
                .setFingerprint(7)
                .build();

        assertThat(RequestKey.of(record)).isPresent().isEqualTo(RequestKey.of(logged));
        asked.getAttributesBuilder().getRequestBuilder().getTimeBuilder().setNanos(123_456_790);
        assertThat(RequestKey.of(told(asked.build(), SERVER, "default/server-0", CheckTranslation.Beside.NOTHING)))
                .as("the same id again")
                .isPresent()
                .isNotEqualTo(RequestKey.of(logged));
        assertThat(RequestKey.of(told(check(), SERVER, "default/server-0", CheckTranslation.Beside.NOTHING)))
                .as("nobody told its time")
                .isEmpty();
    }

    @Test
    void whatCallersWriteIsCutAndTheirOtherHeadersAreNotKept() {
        CheckRequest.Builder hostile = check().toBuilder();
        hostile.getAttributesBuilder()
                .getRequestBuilder()
                .getHttpBuilder()
                .setMethod("M".repeat(1 << 20))
                .setPath("/" + "p".repeat(1 << 20))
                .setHost("h".repeat(1 << 20))
                .putHeaders("user-agent", "u".repeat(1 << 20))
                .putHeaders("x-request-id", "i".repeat(1 << 20))
                .putHeaders("cookie", "c".repeat(1 << 20));
        assertThat(told(hostile.build(), SERVER, "default/server-0", CheckTranslation.Beside.NOTHING)
                        .getSerializedSize())
                .isLessThan(5_000);
    }

    @Test
    void nobodyAsksForThePodOfAnother() {
        for (String pod : new String[] {"default/client-0", "other/server-0"}) {
            assertThat(translation.of(
                            check(),
                            new CheckTranslation.Asking(SERVER, pod),
                            CheckTranslation.Beside.NOTHING,
                            Instant.EPOCH))
                    .as(pod)
                    .isInstanceOf(CheckTranslation.Result.Refused.class);
        }
        assertThat(told(check(), SERVER, "", CheckTranslation.Beside.NOTHING)
                        .getDestination()
                        .getPrincipal())
                .isEqualTo(SERVER);
    }

    @Test
    void aCertificateWithoutIdentityIsNobody() {
        CheckRequest.Builder named = check().toBuilder();
        named.getAttributesBuilder().getSourceBuilder().setPrincipal("client.example");

        assertThat(told(named.build(), SERVER, "", CheckTranslation.Beside.NOTHING)
                        .getSource()
                        .getPrincipal())
                .isEmpty();
    }
}
