package io.flotilla.telemetry.record;

import static io.flotilla.telemetry.record.Entries.address;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.RequestRecord;
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

    private RequestRecord told(CheckRequest check, String uri, String pod, Metadata found) {
        return switch (translation.of(check, new CheckTranslation.Asking(uri, pod), found, Instant.EPOCH)) {
            case CheckTranslation.Result.Told(RequestRecord record) -> record;
            case CheckTranslation.Result.Refused(String reason) -> throw new AssertionError(reason);
        };
    }

    @Test
    void bothSidesAndTheRequestAreOnRecordWithoutItsQuery() {
        RequestRecord record = told(check(), SERVER, "default/server-0", Metadata.getDefaultInstance());

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

        RequestRecord record = told(connection.build(), SERVER, "default/server-0", found);

        assertThat(record.getType()).isEqualTo(RecordType.TCP_OPEN);
        assertThat(record.getDecision().getVerdict()).isEqualTo(Decision.Verdict.DENIED);
        assertThat(record.getDecision().getPolicy()).isEqualTo("x");
    }

    @Test
    void nobodyAsksForThePodOfAnother() {
        for (String pod : new String[] {"default/client-0", "other/server-0"}) {
            assertThat(translation.of(
                            check(),
                            new CheckTranslation.Asking(SERVER, pod),
                            Metadata.getDefaultInstance(),
                            Instant.EPOCH))
                    .as(pod)
                    .isInstanceOf(CheckTranslation.Result.Refused.class);
        }
        assertThat(told(check(), SERVER, "", Metadata.getDefaultInstance())
                        .getDestination()
                        .getPrincipal())
                .isEqualTo(SERVER);
    }

    @Test
    void aCertificateWithoutIdentityIsNobody() {
        CheckRequest.Builder named = check().toBuilder();
        named.getAttributesBuilder().getSourceBuilder().setPrincipal("client.example");

        assertThat(told(named.build(), SERVER, "", Metadata.getDefaultInstance())
                        .getSource()
                        .getPrincipal())
                .isEmpty();
    }
}
