package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthzCommandTest {
    private static final String WORKLOADS = """
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec:
              selector: {app: cart}
              ports: [{name: http, port: 80, targetPort: 8080}, {name: tcp-db, port: 3306}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: cart, namespace: shop}
            spec:
              selector: {matchLabels: {app: cart}}
              template:
                metadata: {labels: {app: cart}}
                spec: {serviceAccountName: cart, containers: [{name: cart, image: cart}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: ui, namespace: web}
            spec:
              selector: {matchLabels: {app: ui}}
              template:
                metadata: {labels: {app: ui}}
                spec: {serviceAccountName: ui, containers: [{name: ui, image: ui}]}
            """;

    private static final String POLICIES = """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: shop}
            spec:
              mtls: {mode: STRICT}
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: cart, namespace: shop}
            spec:
              selector: {matchLabels: {app: cart}}
              rules:
              - to: [{operation: {methods: [GET]}}]
                from: [{source: {principals: ["cluster.local/ns/web/sa/ui"]}}]
            """;

    @TempDir
    private Path folder;

    private Path policies;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("workloads.yaml"), WORKLOADS);
        policies = Files.writeString(folder.resolve("policies.yaml"), POLICIES);
    }

    @Test
    void saysWhichLinePermits() {
        CommandRun run = run("authz", "can", "--from", "web/ui", "--to", "cart.shop", "--path", "/items");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("shop/cart-0:8080: allowed")
                .contains("by PeerAuthentication shop/default spec.mtls, " + policies + ":5")
                .contains("by AuthorizationPolicy shop/cart spec.rules[0], " + policies + ":13");
    }

    @Test
    void aRefusalIsExitOne() throws IOException {
        CommandRun run = run("authz", "can", "--from", "web/ui", "--to", "shop/cart", "-X", "POST", "-o", "json");
        assertThat(run.exit()).as(run.err()).isEqualTo(1);
        JsonNode tree = new ObjectMapper().readTree(run.out());
        assertThat(tree.path("answer").asText()).isEqualTo("denied");
        JsonNode target = tree.path("targets").path(0);
        assertThat(target.path("status").asInt()).isEqualTo(403);
        assertThat(target.path("because").path("object").asText()).isEqualTo("AuthorizationPolicy shop/cart");
        assertThat(run("authz", "can", "--from", "web/nobody", "--to", "shop/cart")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void whoeverHasNoCertificateOrIsToldToHideItIsRefusedWhereStrict() throws IOException {
        assertThat(run("authz", "can", "--from", "none", "--to", "shop/cart").out())
                .contains("denied, the connection is closed")
                .contains("PeerAuthentication shop/default spec.mtls");
        Path rule = Files.writeString(folder.resolve("rule.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: cart, namespace: web}
                spec:
                  host: cart.shop.svc.cluster.local
                  trafficPolicy:
                    tls: {mode: DISABLE}
                """);
        CommandRun run = run("authz", "can", "--from", "web/ui", "--to", "shop/cart");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("DestinationRule web/cart spec.trafficPolicy.tls, " + rule + ":7");
        CommandRun check = run("authn", "tls-check", "ui.web", "cart.shop");
        assertThat(check.exit()).isEqualTo(1);
        assertThat(check.out().lines().toList().getFirst())
                .matches("HOST:PORT +STATUS +SERVER +CLIENT +AUTHN POLICY +DESTINATION RULE");
        assertThat(check.out().lines().toList().get(1))
                .matches("cart.shop.svc.cluster.local:80 +CONFLICT +mTLS +HTTP +default/shop +cart/web");
    }

    /** The older rule has the name of the host's rules, the younger says what holds. */
    @Test
    void ofSeveralRulesTheOneIsNamedThatSaysIt() throws IOException {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: cart, namespace: web, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec:
                  host: cart.shop.svc.cluster.local
                  subsets: [{name: all}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: plain, namespace: web, creationTimestamp: "2026-01-02T00:00:00Z"}
                spec:
                  host: cart.shop.svc.cluster.local
                  trafficPolicy:
                    tls: {mode: DISABLE}
                """);
        assertThat(run("authz", "can", "--from", "web/ui", "--to", "shop/cart").out())
                .contains("DestinationRule web/plain spec.trafficPolicy.tls, " + rules + ":14");
        assertThat(run("authn", "tls-check", "ui.web", "cart.shop").out())
                .containsPattern("cart.shop.svc.cluster.local:80 +CONFLICT +mTLS +HTTP +default/shop +plain/web");
    }

    @Test
    void whatComesToAPortOfTcpIsAConnection() {
        CommandRun run = run("authz", "can", "--from", "web/ui", "--to", "shop/cart", "--port", "3306");
        assertThat(run.exit()).as(run.err()).isEqualTo(1);
        assertThat(run.out()).contains("denied, the connection is closed").contains("no rule permits it");
    }

    @Test
    void checkListsWhatIsInForceForEachPort() throws IOException {
        CommandRun run = run("x", "authz", "check", "cart", "-n", "shop");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("port 8080 (http, called as cart.shop.svc.cluster.local:80)")
                .contains("port 3306 (tcp")
                .contains("other ports")
                .contains("mTLS STRICT by PeerAuthentication shop/default spec.mtls, " + policies + ":5")
                .containsPattern("ALLOW +AuthorizationPolicy shop/cart +1 +" + policies + ":7");
        JsonNode tree = new ObjectMapper()
                .readTree(run("authz", "check", "cart-0.shop", "-o", "json").out());
        assertThat(tree.path("ports").size()).isEqualTo(3);
        assertThat(tree.path("ports")
                        .path(1)
                        .path("policies")
                        .path(0)
                        .path("action")
                        .asText())
                .isEqualTo("ALLOW");
    }

    @Test
    void explainTellsWhatTheServersMakeOfARequest() throws IOException {
        CommandRun run = run("explain", "--from", "web/ui", "--to", "http://cart.shop/items");
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains("shop/cart-0: STRICT: mesh TLS, the caller is spiffe://cluster.local/ns/web/sa/ui")
                .contains("by AuthorizationPolicy shop/cart spec.rules[0], " + policies + ":13");
        CommandRun refused =
                run("explain", "--from", "web/ui", "--to", "http://cart.shop/items", "-X", "PUT", "-o", "json");
        assertThat(refused.exit()).isEqualTo(1);
        JsonNode tree = new ObjectMapper().readTree(refused.out());
        assertThat(tree.path("served").asBoolean()).isFalse();
        assertThat(tree.path("servers").path(0).path("status").asInt()).isEqualTo(403);
        assertThat(tree.path("servers").path(0).path("answer").asText()).isEqualTo("denied");
    }

    @Test
    void clientsAndServersThatAgreeAreOk() {
        CommandRun run = run("authn", "tls-check");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).containsPattern("cart.shop.svc.cluster.local:3306 +OK +mTLS +mTLS +default/shop +-");
    }

    private CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-f", folder.toString()));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
