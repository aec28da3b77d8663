package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.Guarded;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of both eras holds at a port. */
class AuthorizationIndexTest {
    private static final String ROLES = """
            ---
            apiVersion: rbac.istio.io/v1alpha1
            kind: ClusterRbacConfig
            metadata: {name: default}
            spec: {mode: "ON"}
            """;

    private static List<AccessPolicy.Action> actions(String... policies) {
        MeshSnapshot mesh = TestMesh.of(TestMesh.BOOKS + ROLES + String.join("", policies));
        Authorization found =
                mesh.authorization(new Guarded("default", "reviews", Map.of("app", "reviews", "version", "v1")), 8080);
        return java.util.Arrays.stream(AccessPolicy.Action.values())
                .filter(action -> !found.of(action, false).isEmpty())
                .toList();
    }

    private static String policy(String action) {
        return "---\n{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: a-"
                + action.toLowerCase(java.util.Locale.ROOT) + "}, spec: {action: " + action
                + ", rules: [{to: [{operation: {paths: [/a]}}]}]}}\n";
    }

    private static int permitting(String... policies) {
        MeshSnapshot mesh = TestMesh.of(TestMesh.BOOKS + ROLES + String.join("", policies));
        return mesh
                .authorization(new Guarded("default", "reviews", Map.of("app", "reviews", "version", "v1")), 8080)
                .of(AccessPolicy.Action.ALLOW, false)
                .stream()
                .mapToInt(policy -> policy.rules().size())
                .sum();
    }

    @Test
    void rolesThatPermitNobodyRefuseEverybody() {
        assertThat(actions()).containsExactly(AccessPolicy.Action.ALLOW);
        assertThat(permitting()).isZero();
    }

    @Test
    void whatOnlyRefusesOrWatchesLeavesTheRolesInForce() {
        assertThat(actions(policy("AUDIT"), policy("DENY")))
                .contains(AccessPolicy.Action.ALLOW, AccessPolicy.Action.AUDIT, AccessPolicy.Action.DENY);
        assertThat(permitting(policy("AUDIT"), policy("DENY"))).isZero();
    }

    @Test
    void whatPermitsTakesTheirPlace() {
        assertThat(permitting(policy("ALLOW"))).isEqualTo(1);
    }
}
