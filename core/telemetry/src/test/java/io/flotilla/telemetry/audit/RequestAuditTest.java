package io.flotilla.telemetry.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.DryRun;
import io.flotilla.api.events.v1.HttpRequest;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.RequestRecord;
import org.junit.jupiter.api.Test;

/** Which records become events. */
class RequestAuditTest {
    private static final String CLIENT = "spiffe://cluster.local/ns/default/sa/client";

    private static RequestRecord.Builder record(Decision.Builder decision) {
        return RequestRecord.newBuilder()
                .setFingerprint(255)
                .setType(RecordType.HTTP)
                .setHttp(HttpRequest.newBuilder().setMethod("GET").setPath("/a").setResponseCode(403))
                .setSource(Peer.newBuilder().setPrincipal(CLIENT).setAddress("10.0.0.1:4000"))
                .setDestination(Peer.newBuilder().setNamespace("default").setWorkload("reviews-v1"))
                .setDecision(decision);
    }

    private static Decision.Builder denied() {
        return Decision.newBuilder()
                .setVerdict(Decision.Verdict.DENIED)
                .setBy("rbac")
                .setPolicy("p");
    }

    private static Decision.Builder allowed() {
        return Decision.newBuilder().setVerdict(Decision.Verdict.ALLOWED);
    }

    @Test
    void whatWasDeniedIsAnEvent() {
        AuditEvent event = RequestAudit.after(record(denied()).build()).orElseThrow();

        assertThat(event.getAction()).isEqualTo("request.denied");
        assertThat(event.getActor()).isEqualTo(CLIENT);
        assertThat(event.getObject()).isEqualTo("default/reviews-v1");
        assertThat(event.getDetailsMap())
                .containsEntry("policy", "p")
                .containsEntry("recorded", "access-log")
                .containsEntry("fingerprint", "00000000000000ff")
                .containsEntry("response-code", "403");
    }

    @Test
    void whatWasAllowedIsNoneUnlessAPolicyWatches() {
        assertThat(RequestAudit.after(record(allowed()).build())).isEmpty();
        assertThat(RequestAudit.after(record(allowed()).clearDecision().build()))
                .isEmpty();
        assertThat(RequestAudit.after(record(allowed().setAudited("w")).build()))
                .hasValueSatisfying(event -> assertThat(event.getAction()).isEqualTo("request.allowed"));
    }

    @Test
    void whatIsOnRecordAlreadyIsNoneAgain() {
        assertThat(RequestAudit.after(
                        record(denied().setAudited("w").setRecorded(true)).build()))
                .isEmpty();
    }

    @Test
    void whatATriedPolicyWouldDenyIsAnEventOfItsOwn() {
        assertThat(RequestAudit.after(
                        record(allowed().addDryRuns(DryRun.newBuilder().setPolicy("q")))
                                .build()))
                .isEmpty();
        assertThat(RequestAudit.after(record(allowed()
                                .addDryRuns(DryRun.newBuilder().setDenied(true).setPolicy("q")))
                        .build()))
                .hasValueSatisfying(event -> {
                    assertThat(event.getAction()).isEqualTo("request.dry-run-denied");
                    assertThat(event.getDetailsMap()).containsEntry("tried-policy", "q");
                });
    }

    @Test
    void aConnectionIsOneEventAtItsEnd() {
        assertThat(RequestAudit.after(
                        record(denied()).setType(RecordType.TCP_OPEN).build()))
                .isEmpty();
        assertThat(RequestAudit.after(
                        record(denied()).setType(RecordType.TCP_CLOSE).build()))
                .hasValueSatisfying(event -> assertThat(event.getAction()).isEqualTo("connection.denied"));
    }

    @Test
    void theActorIsWhoeverIsProvedBest() {
        RequestRecord.Builder nobody = record(denied());
        nobody.getSourceBuilder().clearPrincipal();
        assertThat(RequestAudit.before(nobody.build()).getActor()).isEqualTo("10.0.0.1");
        nobody.getSourceBuilder().setNamespace("x").setWorkload("w");
        assertThat(RequestAudit.before(nobody.build()).getActor()).isEqualTo("x/w");
        nobody.getDecisionBuilder().setRequestPrincipal("issuer/alice");
        assertThat(RequestAudit.before(nobody.build()).getActor()).isEqualTo("issuer/alice");
    }

    @Test
    void nothingInAnEventChangesHowTheRestIsShown() {
        RequestRecord.Builder hostile = record(denied());
        hostile.getSourceBuilder().clearPrincipal();
        hostile.getDecisionBuilder().setRequestPrincipal("issuer/\u202etxt\u001b[2J\nadmin");
        hostile.getHttpBuilder().setUserAgent("\ud83d\ude00 a\\b \ud83d").setPath("\u0000".repeat(10_000));
        AuditEvent event = RequestAudit.before(hostile.build());

        assertThat(event.getActor()).isEqualTo("issuer/\\u202etxt\\u001b[2J\\u000aadmin");
        assertThat(event.getDetailsMap()).containsEntry("user-agent", "\ud83d\ude00 a\\\\b \\ud83d");
        assertThat(event.getDetailsOrThrow("path")).startsWith("\\u0000").hasSizeLessThan(2_100);
    }
}
