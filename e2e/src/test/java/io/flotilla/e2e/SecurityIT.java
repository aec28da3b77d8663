package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.Workloads;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who gets in: a client of the mesh ("sleep") and one without a sidecar ("plain") call servers of the mesh. */
@OfMeshes
class SecurityIT {
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private static Mesh mesh;
    private static Workloads workloads;

    @BeforeAll
    static void deploy() {
        mesh = Mesh.bookinfo();
        workloads = new Workloads(mesh, "echo", "greeter", "sleep", "plain");
    }

    @AfterAll
    static void remove() {
        mesh.flotilla("delete", "peerauthentication", "default");
        workloads.close();
    }

    @Test
    void strictRefusesPlaintextAndTellsTheServerWhoCalls() {
        mesh.apply(peerAuthentication("STRICT"));
        Eventually.holdsSlowly(
                SETTLE,
                () -> "plaintext is refused: " + http("plain"),
                () -> !http("plain").startsWith("200"));

        assertThat(http("plain")).startsWith("0\n");
        assertThat(line("plain")).doesNotContain("220");
        assertThat(http("sleep")).startsWith("200\n").contains("spiffe://cluster.local/ns/default/sa/sleep");
        assertThat(line("sleep")).startsWith("220");
    }

    @Test
    void permissiveLetsBothInServerFirstIncluded() {
        mesh.apply(peerAuthentication("PERMISSIVE"));
        Eventually.holdsSlowly(
                SETTLE,
                () -> "plaintext gets in: " + http("plain"),
                () -> http("plain").startsWith("200"));

        assertThat(http("plain")).startsWith("200\n").doesNotContain("spiffe://");
        assertThat(line("plain")).startsWith("220");
        assertThat(http("sleep")).startsWith("200\n").contains("spiffe://cluster.local/ns/default/sa/sleep");
        assertThat(line("sleep")).startsWith("220");
    }

    @Test
    void aRevokedIdentityIsRefusedByTheCommandUntilItsObjectIsDeleted() {
        mesh.apply(peerAuthentication("PERMISSIVE"));
        Eventually.holdsSlowly(
                SETTLE,
                () -> "both are let in: " + http("plain") + http("sleep"),
                () -> http("plain").startsWith("200") && http("sleep").startsWith("200"));
        String identity = "spiffe://cluster.local/ns/default/sa/sleep";
        try {
            Command revoked = mesh.flotilla("ca", "revoke", "--identity", identity, "--reason", "a test")
                    .orFail();
            assertThat(revoked.out()).contains("revocation.security.flotilla.io/default.sleep");
            assertThat(mesh.flotilla("get", "revocation", "default.sleep", "-o", "yaml")
                            .orFail()
                            .out())
                    .contains(identity, "a test", "istio-system/flotilla-admin");
            // The command itself ends when Citadel has heard of it.
            Eventually.holdsSlowly(
                    SETTLE,
                    () -> "who is revoked is refused: " + http("sleep"),
                    () -> http("sleep").startsWith("403"));
            // Envoy looks at rules with the first bytes of the client: who speaks first has greeted it by then.
            Eventually.holdsSlowly(
                    SETTLE,
                    () -> "no line of who is revoked is answered: " + answer("sleep"),
                    () -> !answer("sleep").contains("who is there"));
            assertThat(answer("plain")).contains("who is there");
            assertThat(http("plain")).startsWith("200\n");
        } finally {
            mesh.flotilla("delete", "revocation", "default.sleep").orFail();
        }
        Eventually.holdsSlowly(
                SETTLE,
                () -> "it is let in again: " + http("sleep"),
                () -> http("sleep").startsWith("200"));
    }

    @Test
    void aMachinesTokenIsMadeOnceAndShownOnce() {
        Command text = mesh.flotilla("vm", "token", "--service-account", "billing", "-n", "vms", "--ttl", "10m")
                .orFail();
        assertThat(text.out().strip()).doesNotContain(" ").isNotEmpty();
        assertThat(text.err()).contains("for spiffe://cluster.local/ns/vms/sa/billing, once, until ");
        Command json = mesh.flotilla("vm", "token", "--service-account", "billing", "-n", "vms", "-o", "json")
                .orFail();
        assertThat(json.out())
                .contains("\"identity\"", "spiffe://cluster.local/ns/vms/sa/billing")
                .doesNotContain(text.out().strip());
        Command month = mesh.flotilla("vm", "token", "--service-account", "billing", "-n", "vms", "--ttl", "30d");
        assertThat(month.exit()).isEqualTo(1);
        assertThat(month.out()).isEmpty();
        assertThat(month.err()).contains("a lifetime of 720h is not made: ask for 7d at most");
    }

    private static String http(String client) {
        return call(client, "http", "echo", "8000", "/headers");
    }

    private static String line(String client) {
        return call(client, "line", "greeter", "3306");
    }

    private static String answer(String client) {
        return call(client, "line", "greeter", "3306", "who is there");
    }

    private static String call(String client, String... arguments) {
        return workloads.callFrom(client, arguments);
    }

    private static String peerAuthentication(String mode) {
        return """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: default}
            spec: {mtls: {mode: %s}}
            """.formatted(mode);
    }
}
