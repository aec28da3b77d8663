package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.Workloads;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who gets in: a client of the mesh ("sleep") and one without a sidecar ("plain") call servers of the mesh. */
@OfMeshes
class SecurityIT {
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private static final String SLEEP = "spiffe://cluster.local/ns/default/sa/sleep";

    private static Mesh mesh;
    private static Workloads workloads;

    @BeforeAll
    static void deploy() {
        mesh = Mesh.bookinfo();
        workloads = Workloads.ofSecurity(mesh);
    }

    @AfterAll
    static void remove() {
        mesh.flotilla("delete", "peerauthentication", "default");
        workloads.close();
    }

    @Test
    void strictRefusesPlaintextAndTellsTheServerWhoCalls() {
        mesh.apply(peerAuthentication("STRICT"));

        awaitHttp("plain", "plaintext is refused", answer -> answer.startsWith("0\n"));
        await("plaintext is not greeted", () -> line("plain"), line -> !line.contains("220"));
        assertThat(awaitHttp("sleep", "who speaks TLS gets in", SecurityIT::ok)).contains(SLEEP);
        await("who speaks TLS is greeted", () -> line("sleep"), line -> line.startsWith("220"));
    }

    @Test
    void permissiveLetsBothInServerFirstIncluded() {
        mesh.apply(peerAuthentication("PERMISSIVE"));

        assertThat(awaitHttp("plain", "plaintext gets in", SecurityIT::ok)).doesNotContain("spiffe://");
        await("plaintext is greeted", () -> line("plain"), line -> line.startsWith("220"));
        assertThat(awaitHttp("sleep", "who speaks TLS gets in", SecurityIT::ok)).contains(SLEEP);
        await("who speaks TLS is greeted", () -> line("sleep"), line -> line.startsWith("220"));
    }

    @Test
    void aRevokedIdentityIsRefusedByTheCommandUntilItsObjectIsDeleted() {
        mesh.apply(peerAuthentication("PERMISSIVE"));
        awaitHttp("plain", "plaintext is let in", SecurityIT::ok);
        awaitHttp("sleep", "who speaks TLS is let in", SecurityIT::ok);
        try {
            Command revoked = mesh.flotilla("ca", "revoke", "--identity", SLEEP, "--reason", "a test")
                    .orFail();
            assertThat(revoked.out()).contains("revocation.security.flotilla.io/default.sleep");
            assertThat(mesh.flotilla("get", "revocation", "default.sleep", "-o", "yaml")
                            .orFail()
                            .out())
                    .contains(SLEEP, "a test", "istio-system/flotilla-admin");
            // The command itself ends when Citadel has heard of it.
            awaitHttp("sleep", "who is revoked is refused", answer -> answer.startsWith("403"));
            // Envoy looks at rules with the first bytes of the client: who speaks first has greeted it by then.
            await(
                    "no line of who is revoked is answered",
                    () -> answer("sleep"),
                    answer -> !answer.contains("who is there"));
            await("a line of another is", () -> answer("plain"), answer -> answer.contains("who is there"));
            awaitHttp("plain", "others get in", SecurityIT::ok);
        } finally {
            mesh.flotilla("delete", "revocation", "default.sleep").orFail();
        }
        awaitHttp("sleep", "it is let in again", SecurityIT::ok);
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

    private static String awaitHttp(String client, String what, Predicate<String> wanted) {
        return await(what, () -> call(client, "http", "echo", "8000", "/headers"), wanted);
    }

    private static String await(String what, Supplier<String> question, Predicate<String> wanted) {
        return Eventually.answered(SETTLE, what, question, wanted);
    }

    private static boolean ok(String answer) {
        return answer.startsWith("200\n");
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
