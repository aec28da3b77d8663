package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.mesh.Accounts;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.Workloads;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an introduction to a mesh shows, typed as it is typed there: timeouts and retries, tokens, egress, who speaks TLS. */
@OfMeshes
class ScenariosIT {
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private static Mesh mesh;
    private static Workloads workloads;

    @BeforeAll
    static void deploy() {
        mesh = Mesh.bookinfo();
        workloads = Workloads.ofSecurity(mesh);
    }

    @AfterAll
    static void remove() {
        workloads.close();
    }

    @Test
    void aSlowServiceIsNotWaitedForLongerThanTheTimeoutAndAskedAgainAsOftenAsTheRuleSays() {
        Call slow = mesh.ingress("/delay/9");
        try {
            mesh.apply(slowly("timeout: 1s"));
            mesh.awaitAnswer(
                    slow,
                    SETTLE,
                    answer -> answer.status() == 504
                            && answer.took().compareTo(Duration.ofSeconds(1)) >= 0
                            && answer.took().compareTo(Duration.ofSeconds(9)) < 0);

            mesh.apply(slowly("retries: {attempts: 3, perTryTimeout: 1s, retryOn: gateway-error}, timeout: 30s"));
            mesh.awaitAnswer(
                    slow,
                    SETTLE,
                    answer -> answer.status() == 504 && answer.took().compareTo(Duration.ofSeconds(4)) >= 0);
        } finally {
            mesh.delete("virtualservice", "echo-edge");
        }
    }

    private static String slowly(String rule) {
        return """
            apiVersion: networking.istio.io/v1alpha3
            kind: VirtualService
            metadata: {name: echo-edge, namespace: default}
            spec:
              hosts: ["*"]
              gateways: [bookinfo-gateway]
              http:
              - {match: [{uri: {prefix: /delay/}}], route: [{destination: {host: echo, port: {number: 8000}}}], %s}
            """.formatted(rule);
    }

    @Test
    void onlyWhoBringsATokenOfTheIssuerIsAnswered() {
        Accounts accounts = new Accounts();
        mesh.apply("""
            apiVersion: security.istio.io/v1beta1
            kind: RequestAuthentication
            metadata: {name: echo, namespace: default}
            spec:
              selector: {matchLabels: {app: echo}}
              jwtRules: [{issuer: "%s", jwks: '%s'}]
            ---
            apiVersion: security.istio.io/v1beta1
            kind: AuthorizationPolicy
            metadata: {name: echo, namespace: default}
            spec:
              selector: {matchLabels: {app: echo}}
              action: ALLOW
              rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]
            """.formatted(Accounts.ISSUER, accounts.jwks()));
        try {
            awaitEcho("403", "nobody's token");
            String good = "Authorization:Bearer " + accounts.token();
            awaitEcho("200", good, good);
            String bad = "Authorization:Bearer " + new Accounts().token();
            awaitEcho("401", bad, bad);
        } finally {
            mesh.delete("requestauthentication", "echo");
            mesh.delete("authorizationpolicy", "echo");
        }
        awaitEcho("200", "none is asked for");
    }

    /** As 1.1 has it: the keys are fetched, the token stands in a header of its own, some paths need none. */
    @Test
    void aPolicyOfOldAsksForATokenOfTheIssuer() {
        Accounts accounts = new Accounts();
        mesh.apply("""
            apiVersion: authentication.istio.io/v1alpha1
            kind: Policy
            metadata: {name: echo, namespace: default}
            spec:
              targets: [{name: echo}]
              peers: [{mtls: {mode: PERMISSIVE}}]
              origins:
              - jwt:
                  issuer: %s
                  audiences: [books]
                  jwksUri: %s
                  jwtHeaders: [x-ann-assertion]
                  trigger_rules: [{excluded_paths: [{prefix: /status/}, {prefix: /base64/}]}]
              principalBinding: USE_ORIGIN
            """.formatted(
                        Accounts.ISSUER, accounts.jwksUri(workloads.pod("echo").ip())));
        try {
            awaitEcho("401", "nobody's token");
            awaitEcho("200", "a good one", "x-ann-assertion:" + accounts.token());
            awaitEcho("401", "signed by another", "x-ann-assertion:" + new Accounts().token());
            awaitEcho("401", "no longer valid", "x-ann-assertion:" + accounts.expired());
            awaitEcho("401", "where it is not looked for", "Authorization:Bearer " + accounts.token());
            await("200", "a path that needs none", "/status/200");
        } finally {
            mesh.delete("policy", "echo");
        }
        awaitEcho("200", "none is asked for");
    }

    private static void awaitEcho(String status, String why, String... headers) {
        await(status, why, "/headers", headers);
    }

    private static void await(String status, String why, String path, String... headers) {
        Eventually.answered(
                SETTLE,
                "echo answers " + status + ": " + why,
                () -> echo("sleep", path, headers),
                answer -> answer.startsWith(status + "\n"));
    }

    private static String echo(String client) {
        return echo(client, "/headers");
    }

    private static String echo(String client, String path, String... headers) {
        String[] arguments = new String[4 + headers.length];
        System.arraycopy(new String[] {"http", "echo", "8000", path}, 0, arguments, 0, 4);
        System.arraycopy(headers, 0, arguments, 4, headers.length);
        return workloads.callFrom(client, arguments);
    }

    @Test
    void whatLeavesTheMeshLeavesThroughTheEgressGateway() {
        mesh.apply("""
            apiVersion: networking.istio.io/v1alpha3
            kind: ServiceEntry
            metadata: {name: outside, namespace: default}
            spec:
              hosts: [outside.example.com]
              location: MESH_EXTERNAL
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: %s, ports: {http: 8000}}]
            ---
            apiVersion: networking.istio.io/v1alpha3
            kind: Gateway
            metadata: {name: istio-egressgateway, namespace: default}
            spec:
              selector: {istio: egressgateway}
              servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [outside.example.com]}]
            ---
            apiVersion: networking.istio.io/v1alpha3
            kind: VirtualService
            metadata: {name: through-egress, namespace: default}
            spec:
              hosts: [outside.example.com]
              gateways: [istio-egressgateway, mesh]
              http:
              - match: [{gateways: [mesh], port: 80}]
                route:
                - destination: {host: istio-egressgateway.istio-system.svc.cluster.local, port: {number: 80}}
              - match: [{gateways: [istio-egressgateway], port: 80}]
                headers: {request: {set: {x-through: egress}}}
                route: [{destination: {host: outside.example.com, port: {number: 80}}}]
            """.formatted(workloads.pod("echo").ip()));
        try {
            assertThat(mesh.flotilla("analyze").out())
                    .as("the mesh has that gateway")
                    .doesNotContain("FA0401", "VirtualService default/through-egress");
            Eventually.answered(
                    SETTLE,
                    "the way leads through the egress gateway",
                    () -> workloads.callFrom(
                            "sleep", "http", "10.96.250.250", "80", "/headers", "Host:outside.example.com"),
                    answer -> answer.startsWith("200\n")
                            && answer.toLowerCase(Locale.ROOT).contains("x-through"));
        } finally {
            mesh.delete("virtualservice", "through-egress");
            mesh.delete("gateway", "istio-egressgateway");
            mesh.delete("serviceentry", "outside");
        }
    }

    /** For a namespace SecurityIT shows it. */
    @Test
    void mutualTlsMayBeAskedForByOneServiceAlone() {
        mesh.apply("""
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: echo, namespace: default}
            spec: {selector: {matchLabels: {app: echo}}, mtls: {mode: STRICT}}
            """);
        try {
            Eventually.answered(SETTLE, "plaintext is refused", () -> echo("plain"), text -> text.startsWith("0\n"));
            assertThat(Eventually.answered(
                            SETTLE, "who speaks TLS gets in", () -> echo("sleep"), text -> text.startsWith("200\n")))
                    .contains("spiffe://cluster.local/ns/default/sa/sleep");
            Eventually.answered(
                    SETTLE,
                    "another service greets in plaintext",
                    () -> workloads.callFrom("plain", "line", "greeter", "3306"),
                    line -> line.startsWith("220"));
        } finally {
            mesh.delete("peerauthentication", "echo");
        }
        Eventually.answered(SETTLE, "plaintext gets in", () -> echo("plain"), text -> text.startsWith("200\n"));
    }

    /** As 1.1 has it; nothing that the mesh itself brings comes before them. */
    @ParameterizedTest
    @ValueSource(strings = {"MeshPolicy", "Policy"})
    void aPolicyOfOldAsksForMutualTlsOfTheMeshOrOfANamespace(String kind) {
        mesh.apply("""
            apiVersion: authentication.istio.io/v1alpha1
            kind: %s
            metadata: {name: default}
            spec: {peers: [{mtls: {}}]}
            """.formatted(kind));
        try {
            Eventually.answered(SETTLE, "plaintext is refused", () -> echo("plain"), text -> text.startsWith("0\n"));
            Eventually.answered(
                    SETTLE, "who speaks TLS gets in", () -> echo("sleep"), text -> text.startsWith("200\n"));
        } finally {
            mesh.delete(kind.toLowerCase(Locale.ROOT), "default");
        }
        Eventually.answered(SETTLE, "plaintext gets in", () -> echo("plain"), text -> text.startsWith("200\n"));
    }
}
