package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MtlsModeTest {
    private static final Map<String, String> REVIEWS = Map.of("app", "reviews", "version", "v1");

    private static MtlsMode reviews(String... policies) {
        String all = TestMesh.BOOKS + "---\n" + String.join("\n---\n", policies);
        return TestMesh.of(all).mtlsMode("default", REVIEWS, 8080);
    }

    private static String peers(String name, String namespace, String spec) {
        return "{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: %s, namespace: %s}, spec: %s}"
                .formatted(name, namespace, spec);
    }

    private static String policy(String name, String spec) {
        return "{apiVersion: authentication.istio.io/v1alpha1, kind: Policy, metadata: {name: %s}, spec: %s}"
                .formatted(name, spec);
    }

    private static final String MESH_STRICT = peers("default", "istio-system", "{mtls: {mode: STRICT}}");
    private static final String CLASSIC_MESH =
            "{apiVersion: authentication.istio.io/v1alpha1, kind: MeshPolicy, metadata: {name: default}, spec: {peers: [{mtls: }]}}";

    @Test
    void acceptsBothWhereNobodySaysAnything() {
        assertThat(reviews()).isEqualTo(MtlsMode.PERMISSIVE);
    }

    @Test
    void theNarrowerPolicyWinsAndInheritsWhatItLeavesUnset() {
        String namespace = peers("default", "default", "{mtls: {mode: DISABLE}}");
        String workload = peers("w", "default", "{selector: {matchLabels: {app: reviews}}, mtls: {mode: PERMISSIVE}}");
        String port = peers(
                "w",
                "default",
                "{selector: {matchLabels: {app: reviews}}, portLevelMtls: {8080: {mode: STRICT}, 9: {mode: DISABLE}}}");
        String unset =
                peers("w", "default", "{selector: {matchLabels: {app: reviews}}, portLevelMtls: {9: {mode: STRICT}}}");
        String other = peers("w", "default", "{selector: {matchLabels: {app: ratings}}, mtls: {mode: STRICT}}");

        assertThat(reviews(MESH_STRICT)).isEqualTo(MtlsMode.STRICT);
        assertThat(reviews(MESH_STRICT, namespace)).isEqualTo(MtlsMode.DISABLE);
        assertThat(reviews(MESH_STRICT, namespace, workload)).isEqualTo(MtlsMode.PERMISSIVE);
        assertThat(reviews(namespace, port)).isEqualTo(MtlsMode.STRICT);
        assertThat(reviews(namespace, unset)).isEqualTo(MtlsMode.DISABLE);
        assertThat(reviews(MESH_STRICT, other)).isEqualTo(MtlsMode.STRICT);
        assertThat(reviews(MESH_STRICT, peers("default", "default", "{}"))).isEqualTo(MtlsMode.STRICT);
    }

    @Test
    void classicPoliciesAreMostSpecificAloneAndByServicePort() {
        String namespace = policy("default", "{peers: [{mtls: {mode: PERMISSIVE}}]}");
        assertThat(reviews(CLASSIC_MESH)).isEqualTo(MtlsMode.STRICT);
        assertThat(reviews(CLASSIC_MESH, namespace)).isEqualTo(MtlsMode.PERMISSIVE);
        assertThat(reviews(CLASSIC_MESH, namespace, policy("off", "{targets: [{name: reviews}]}")))
                .isEqualTo(MtlsMode.DISABLE);
        // 9080 is the service's port; the workload listens on 8080.
        assertThat(reviews(CLASSIC_MESH, policy("off", "{targets: [{name: reviews, ports: [{number: 9080}]}]}")))
                .isEqualTo(MtlsMode.DISABLE);
        assertThat(reviews(CLASSIC_MESH, policy("off", "{targets: [{name: reviews, ports: [{name: http}]}]}")))
                .isEqualTo(MtlsMode.DISABLE);
        assertThat(reviews(CLASSIC_MESH, policy("off", "{targets: [{name: reviews, ports: [{number: 8080}]}]}")))
                .isEqualTo(MtlsMode.STRICT);
        assertThat(reviews(CLASSIC_MESH, policy("off", "{targets: [{name: ratings}]}")))
                .isEqualTo(MtlsMode.STRICT);
    }

    @Test
    void currentPoliciesComeBeforeClassicOnes() {
        assertThat(reviews(MESH_STRICT, policy("off", "{targets: [{name: reviews}]}")))
                .isEqualTo(MtlsMode.STRICT);
    }

    @Test
    void classicMeshesAcceptPlaintextUnlessToldOtherwise() {
        String mesh = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "compatibility: '1.1'"}
                """;
        MeshSnapshot snapshot = TestMesh.of(TestMesh.BOOKS, mesh);
        assertThat(snapshot.settings().classic()).isTrue();
        assertThat(snapshot.settings().autoMtls()).isFalse();
        assertThat(snapshot.mtlsMode("default", REVIEWS, 8080)).isEqualTo(MtlsMode.DISABLE);
    }
}
