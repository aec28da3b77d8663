package io.flotilla.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.policy.Attempt.Caller;
import io.flotilla.policy.Attempt.Request;
import io.flotilla.policy.Verdict.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Policies, roles and bindings of Istio 1.1. */
class ClassicDeciderTest {
    private static final String MESH = """
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
            ---
            apiVersion: authentication.istio.io/v1alpha1
            kind: Policy
            metadata: {name: default, namespace: shop}
            spec:
              peers: [{mtls: {}}]
              origins:
              - jwt:
                  issuer: https://a.example.com
                  triggerRules: [{excludedPaths: [{prefix: /open}]}]
              originIsOptional: OPTIONAL
              principalBinding: BINDING
            ---
            apiVersion: rbac.istio.io/v1alpha1
            kind: ClusterRbacConfig
            metadata: {name: default}
            spec: {mode: ON}
            ---
            apiVersion: rbac.istio.io/v1alpha1
            kind: ServiceRole
            metadata: {name: reader, namespace: shop}
            spec: {rules: [{services: ["*"], methods: [GET]}]}
            ---
            apiVersion: rbac.istio.io/v1alpha1
            kind: ServiceRoleBinding
            metadata: {name: readers, namespace: shop}
            spec:
              subjects: [{properties: {request.auth.principal: "PRINCIPAL"}}]
              roleRef: {kind: ServiceRole, name: reader}
            """;

    private static final String PEER = "cluster.local/ns/web/sa/ui";
    private static final String USER = "https://a.example.com/jane";

    private static Verdict decide(String binding, String principal, String optional, String path, Token token) {
        MeshFolder folder = MeshFolder.read(Map.of(
                "mesh.yaml",
                MESH.replace("BINDING", binding).replace("PRINCIPAL", principal).replace("OPTIONAL", optional)));
        assertThat(folder.hasErrors()).as(folder.diagnostics().toString()).isFalse();
        return Decider.decide(
                Protection.of(folder.snapshot(), new Guarded("shop", "cart", Map.of("app", "cart")), 80),
                Attempt.request(
                        Caller.of("spiffe://" + PEER, "10.0.0.1"), new Request("GET", "cart", path, Map.of(), token)));
    }

    private static Token jane() {
        return new Token.Genuine(Struct.newBuilder()
                .putFields(
                        "iss",
                        Value.newBuilder()
                                .setStringValue("https://a.example.com")
                                .build())
                .putFields("sub", Value.newBuilder().setStringValue("jane").build())
                .build());
    }

    private static List<String> clauses(Verdict verdict) {
        return verdict.findings().stream()
                .flatMap(finding -> finding.by().stream())
                .map(Object::toString)
                .toList();
    }

    @Test
    void principalBindingSaysWhoseNameCounts() {
        assertThat(decide("USE_PEER", PEER, "true", "/", jane()).answer()).isEqualTo(Answer.ALLOWED);
        assertThat(decide("USE_PEER", USER, "true", "/", jane()).answer()).isEqualTo(Answer.DENIED);
        assertThat(decide("USE_ORIGIN", USER, "true", "/", jane()).answer()).isEqualTo(Answer.ALLOWED);
        assertThat(decide("USE_ORIGIN", PEER, "true", "/", jane()).answer()).isEqualTo(Answer.DENIED);
    }

    @Test
    void everyStepNamesItsClause() {
        assertThat(clauses(decide("USE_ORIGIN", USER, "false", "/", jane())))
                .containsExactly(
                        "Policy shop/default spec.peers",
                        "Policy shop/default spec.origins[0].jwt",
                        "ServiceRole shop/reader spec.rules[0]");
        Verdict refused = decide("USE_ORIGIN", "*/nobody", "false", "/", jane());
        assertThat(refused.deciding().flatMap(Finding::by).map(Object::toString))
                .isEqualTo(Optional.of("ClusterRbacConfig default"));
    }

    @Test
    void originsAreDemandedWhereTheyAreTriggered() {
        Token none = new Token.Missing();
        assertThat(decide("USE_PEER", PEER, "false", "/x/../items", none).status())
                .isEqualTo(401);
        assertThat(decide("USE_PEER", PEER, "false", "/x/../open?a", none).answer())
                .isEqualTo(Answer.ALLOWED);
        assertThat(decide("USE_PEER", PEER, "true", "/items", none).answer()).isEqualTo(Answer.ALLOWED);
        assertThat(decide("USE_PEER", PEER, "false", "/items", new Token.Bad("expired"))
                        .status())
                .isEqualTo(401);
    }
}
