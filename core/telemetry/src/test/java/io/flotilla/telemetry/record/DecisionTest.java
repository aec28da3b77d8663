package io.flotilla.telemetry.record;

import static io.flotilla.telemetry.record.Entries.common;
import static io.flotilla.telemetry.record.Entries.http;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.DryRun;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.telemetry.registry.RegistryHistory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a proxy decided, as its access log tells it. */
class DecisionTest {
    private static final String RBAC = "envoy.filters.http.rbac";

    private static Struct fields(Map<String, String> texts) {
        Struct.Builder struct = Struct.newBuilder();
        texts.forEach((name, text) ->
                struct.putFields(name, Value.newBuilder().setStringValue(text).build()));
        return struct.build();
    }

    private static RequestRecord logged(Metadata metadata, String details) {
        HTTPAccessLogEntry.Builder entry = http(common().setMetadata(metadata).build());
        entry.getResponseBuilder().setResponseCodeDetails(details);
        return translation().http(entry.build());
    }

    private static AccessLogTranslation translation() {
        return new AccessLogTranslation(
                Entries.proxy(LogKind.INBOUND, "reviews-0", "default", "bookinfo-reviews"), RegistryHistory.empty());
    }

    private static RequestRecord logged(String details) {
        return logged(Metadata.getDefaultInstance(), details);
    }

    @Test
    void whereNothingIsDecidedThereIsNoDecision() {
        assertThat(logged("via_upstream").hasDecision()).isFalse();
        assertThat(logged("direct_response").hasDecision()).isFalse();
    }

    @Test
    @Timeout(120)
    void detailsWithoutEndTakeNoTimeWithoutEnd() {
        String endless = "rbac_access_denied_matched_policy[".repeat(40_000);
        assertThat(logged(endless).hasDecision()).isFalse();
    }

    @Test
    void aRefusalNamesItsFilterAndRule() {
        assertThat(logged("rbac_access_denied_matched_policy[ns[a]-policy[b]-rule[0]]")
                        .getDecision())
                .isEqualTo(Decision.newBuilder()
                        .setVerdict(Decision.Verdict.DENIED)
                        .setBy("rbac")
                        .setPolicy("ns[a]-policy[b]-rule[0]")
                        .build());
        assertThat(logged("rbac_access_denied_matched_policy[none]")
                        .getDecision()
                        .getPolicy())
                .as("nothing permits it")
                .isEmpty();
        assertThat(logged("ext_authz_denied").getDecision().getBy()).isEqualTo("ext_authz");
        assertThat(logged("jwt_authn_access_denied{Jwt_is_expired}")
                        .getDecision()
                        .getBy())
                .isEqualTo("jwt_authn");
    }

    @Test
    void policiesThatAreOnlyTriedAndTokensAreTold() {
        Metadata metadata = Metadata.newBuilder()
                .putFilterMetadata(
                        RBAC,
                        fields(Map.of(
                                "istio_dry_run_deny_shadow_engine_result", "denied",
                                "istio_dry_run_deny_shadow_effective_policy_id", "ns[a]-policy[tried]-rule[0]",
                                "istio_dry_run_allow_shadow_engine_result", "allowed",
                                "flotilla_allow_shadow_effective_policy_id", "ns[a]-policy[permit]-rule[2]",
                                "flotilla_audit_shadow_engine_result", "denied",
                                "flotilla_audit_shadow_effective_policy_id", "ns[a]-policy[watch]-rule[0]")))
                .putFilterMetadata(
                        "envoy.filters.http.jwt_authn",
                        Struct.newBuilder()
                                .putFields(
                                        "payload",
                                        Value.newBuilder()
                                                .setStructValue(fields(Map.of("iss", "https://i", "sub", "alice")))
                                                .build())
                                .build())
                .putFilterMetadata(
                        "envoy.filters.http.ext_authz",
                        Struct.newBuilder()
                                .putFields(
                                        "flotilla_recorded",
                                        Value.newBuilder().setBoolValue(true).build())
                                .build())
                .build();

        assertThat(logged(metadata, "via_upstream").getDecision())
                .isEqualTo(Decision.newBuilder()
                        .setVerdict(Decision.Verdict.ALLOWED)
                        .setPolicy("ns[a]-policy[permit]-rule[2]")
                        .addDryRuns(DryRun.newBuilder().setDenied(true).setPolicy("ns[a]-policy[tried]-rule[0]"))
                        .addDryRuns(DryRun.newBuilder())
                        .setAudited("ns[a]-policy[watch]-rule[0]")
                        .setRecorded(true)
                        .setRequestPrincipal("https://i/alice")
                        .build());
        assertThat(logged(metadata, "rbac_access_denied_matched_policy[x]")
                        .getDecision()
                        .getPolicy())
                .isEqualTo("x");
    }

    @Test
    void aConnectionThatIsRefusedSaysSoAtItsEnd() {
        AccessLogCommon ended = common().setConnectionTerminationDetails("rbac_access_denied_matched_policy[x]")
                .build();

        Decision decision = translation()
                .tcp(TCPAccessLogEntry.newBuilder().setCommonProperties(ended).build())
                .getDecision();

        assertThat(decision.getVerdict()).isEqualTo(Decision.Verdict.DENIED);
        assertThat(decision.getPolicy()).isEqualTo("x");
    }
}
