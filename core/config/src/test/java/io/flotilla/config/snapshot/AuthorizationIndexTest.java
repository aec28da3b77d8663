package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.Port;
import io.flotilla.api.networking.v1alpha3.Server;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import java.time.Instant;
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

    @Test
    void aGatewayWhoseNameBeginsLikeAnotherIsAnother() {
        MeshSnapshot policies = TestMesh.of(
                "{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy,"
                        + " metadata: {name: a}, spec: {targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]}}");
        MeshSnapshot mesh = SnapshotBuilder.update(
                policies,
                List.of(derived("edge", "http"), derived("edge.x", "http"), derived("edge", "x.http2")),
                List.of());

        assertThat(guarded(mesh, "k8s-gateway.edge.http")).isTrue();
        assertThat(guarded(mesh, "k8s-gateway.edge.x.http2"))
                .as("its listener has a dot")
                .isTrue();
        assertThat(guarded(mesh, "k8s-gateway.edge.x.http")).isFalse();
    }

    private static boolean guarded(MeshSnapshot mesh, String gateway) {
        Authorization found = mesh.edgeAuthorization(
                new Guarded("istio-system", "edge", Map.of("istio", "ingressgateway")),
                List.of(ObjectKey.of(Kind.GATEWAY, "default", gateway)));
        return !found.of(AccessPolicy.Action.ALLOW, false).isEmpty();
    }

    private static Config<Gateway> derived(String gateway, String listener) {
        Gateway spec = Gateway.newBuilder()
                .putSelector("istio", "ingressgateway")
                .addServers(Server.newBuilder()
                        .setPort(Port.newBuilder()
                                .setNumber(80)
                                .setName(listener)
                                .setProtocol("HTTP"))
                        .addHosts("*"))
                .build();
        return new Config<>(
                ObjectKey.of(Kind.GATEWAY, "default", "k8s-gateway." + gateway + "." + listener),
                spec,
                Map.of(),
                Map.of(),
                Instant.EPOCH,
                "1",
                Origin.NONE);
    }
}
