package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions about what a Galley holds, which tells it as /debug/objects has it. */
class LiveMeshTest {
    private static final String OBJECTS = """
            {"generation": "1", "objects": [
              {"group": "", "version": "1", "origin": "cart.yaml:1", "object": {"apiVersion": "v1", "kind": "Service",
                "metadata": {"name": "cart", "namespace": "shop"},
                "spec": {"selector": {"app": "cart"}, "ports": [{"name": "http", "port": 80}], "clusterIP": "10.96.0.7"}}},
              {"group": "", "version": "1", "origin": "kubernetes", "object": {"apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": "cart-1", "namespace": "shop", "labels": {"app": "cart"}},
                "spec": {"serviceAccountName": "cart", "containers": [{"name": "cart"}, {"name": "istio-proxy"}]},
                "status": {"podIP": "10.44.0.7", "phase": "Running",
                           "conditions": [{"type": "Ready", "status": "True"}]}}},
              {"group": "", "version": "1", "origin": "kubernetes", "object": {"apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": "ui-1", "namespace": "web", "labels": {"app": "ui"}},
                "spec": {"serviceAccountName": "ui", "containers": [{"name": "ui"}, {"name": "istio-proxy"}]},
                "status": {"podIP": "10.44.0.8", "phase": "Running",
                           "conditions": [{"type": "Ready", "status": "True"}]}}},
              {"group": "security.istio.io", "version": "1", "origin": "policies.yaml:12",
                "object": {"apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
                  "metadata": {"name": "cart", "namespace": "shop"},
                  "spec": {"rules": [{"to": [{"operation": {"methods": ["GET"]}}]}]}}}
            ]}
            """;

    private final HttpServer galley = server();

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() {
        galley.createContext("/debug/objects", exchange -> {
            byte[] body = OBJECTS.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        galley.start();
    }

    @AfterEach
    void stop() {
        galley.stop(0);
    }

    @Test
    void whatIsInForceDecidesAndItsPlaceIsTold() {
        CommandRun may = run("authz", "can", "--from", "web/ui", "--to", "cart.shop");
        assertThat(may.exit()).as(may.out() + may.err()).isZero();
        assertThat(may.out())
                .contains("shop/cart-1:80: allowed")
                .contains("by AuthorizationPolicy shop/cart spec.rules[0], policies.yaml:12");
        assertThat(run("authz", "can", "--from", "web/ui", "--to", "cart.shop", "-X", "PUT")
                        .exit())
                .isEqualTo(1);
        assertThat(run("authz", "check", "cart-1", "-n", "shop").out()).contains("policies.yaml:12");
        assertThat(run("authn", "tls-check", "ui-1.web").out())
                .containsPattern("cart.shop.svc.cluster.local:80 +OK +HTTP/mTLS +mTLS +- +-");
    }

    @Test
    void explainWalksThroughIt() {
        CommandRun run = run("explain", "--from", "web/ui-1", "--to", "http://cart.shop/items");
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains("10.44.0.7:80 shop/cart-1")
                .contains("by Service shop/cart, ")
                .contains("by AuthorizationPolicy shop/cart spec.rules[0], policies.yaml:12");
        assertThat(run("explain", "--from", "web/ui-1", "--to", "http://cart.shop/items", "-X", "PUT")
                        .exit())
                .isEqualTo(1);
    }

    private CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--galley-port", String.valueOf(galley.getAddress().getPort())));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
