package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.kube.SuiteService;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a Galley that runs alone on a directory: what is in force, and what is kept back. */
@OfServices
class LiveGalleyIT {
    private static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("flotilla.root"), "flotilla.root"));
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String SHOP = """
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: cart-1, namespace: shop, labels: {app: cart}}
            spec: {serviceAccountName: cart, containers: [{name: cart, image: app}, {name: istio-proxy, image: proxy}]}
            status: {podIP: 10.44.0.7, phase: Running, conditions: [{type: Ready, status: "True"}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: ui-1, namespace: web, labels: {app: ui}}
            spec: {serviceAccountName: ui, containers: [{name: ui, image: app}, {name: istio-proxy, image: proxy}]}
            status: {podIP: 10.44.0.8, phase: Running, conditions: [{type: Ready, status: "True"}]}
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: shop}
            spec: {mtls: {mode: STRICT}}
            """;

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // by start()
    private Path config;

    @SuppressWarnings("NullAway.Init") // by start()
    private SuiteService galley;

    @BeforeEach
    void start() throws IOException {
        config = Files.createDirectory(folder.resolve("config"));
        for (int i = 0; i < 12; i++) {
            Files.writeString(
                    Files.createDirectories(config.resolve("mesh")).resolve(i + ".yaml"),
                    route("route-" + i, "reviews"));
        }
        galley = new SuiteService(
                        "galley",
                        folder,
                        Map.of(
                                "FLOTILLA_CONFIG_DIR",
                                config.toString(),
                                "FLOTILLA_CONFIG_CONFIRM_AFTER",
                                "1h",
                                "FLOTILLA_WEBHOOK_PORT",
                                "0"))
                .startAndAwaitReady();
    }

    @AfterEach
    void stop() {
        galley.close();
    }

    private static String route(String name, String host) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s}
                spec: {hosts: [%s], http: [{route: [{destination: {host: reviews}}]}]}
                """.formatted(name, host);
    }

    private Command flotilla(String... arguments) {
        List<String> line = new ArrayList<>(List.of(ROOT.resolve("flotilla").toString()));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--galley-port", Integer.toString(galley.managementPort())));
        return Command.run(ROOT, Map.of("FLOTILLA_NO_BUILD", "1"), LIMIT, line);
    }

    @Test
    void getShowsWhatIsInForceAndNotWhatTheFolderSays() throws IOException {
        Command one = flotilla("get", "virtualservice", "route-3", "-o", "yaml").orFail();
        assertThat(one.out()).contains("name: route-3", "kind: VirtualService", "- reviews");
        Files.writeString(config.resolve("mesh/3.yaml"), route("route-3", "not a host"));
        Files.writeString(config.resolve("new.yaml"), route("bad", "not a host"));
        Eventually.holds(
                LIMIT,
                galley::output,
                () -> galley.output().contains("/3.yaml:") && galley.output().contains("/new.yaml:"));
        assertThat(flotilla("get", "vs", "route-3", "-o", "yaml").orFail().out())
                .isEqualTo(one.out());
        Command refused = flotilla("get", "vs", "bad");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("is not in force");
        assertThat(flotilla("get", "all", "-A", "-o", "wide").orFail().out()).contains("route-11", "11.yaml");
    }

    @Test
    void deletionsThatAreKeptBackAreListedAndConfirmed() throws IOException {
        assertThat(flotilla("config", "held").orFail().err()).contains("no deletions are kept back");
        assertThat(flotilla("config", "confirm", "directory").exit()).isEqualTo(1);
        Files.move(config.resolve("mesh"), folder.resolve("away"));
        Eventually.holds(LIMIT, galley::output, () -> galley.output().contains("FL0711"));
        Command held = flotilla("config", "held");
        assertThat(held.exit()).isEqualTo(1);
        assertThat(held.out()).contains("directory", config.toString(), "12");
        assertThat(flotilla("get", "vs").orFail().out()).contains("route-0", "route-11");
        assertThat(flotilla("config", "confirm", "directory").orFail().out()).contains("12");
        Eventually.holdsSlowly(
                LIMIT,
                galley::output,
                () -> flotilla("get", "vs").orFail().out().isBlank());
    }

    /** Who may call is judged by what the running Galley holds, and follows it. */
    @Test
    void questionsOfPolicyAreAnsweredByWhatIsInForce() throws IOException {
        Files.writeString(config.resolve("shop.yaml"), SHOP);
        Files.writeString(config.resolve("readers.yaml"), readers("[GET]"));
        // Each file is read when it is seen: without the second everybody may.
        Eventually.answered(
                LIMIT,
                "who is not permitted is refused",
                () -> may("web/ui", "DELETE").out(),
                out -> out.contains("AuthorizationPolicy shop/readers"));

        Command refused = may("web/ui", "DELETE");
        assertThat(refused.out()).contains("denied, 403", "AuthorizationPolicy shop/readers", "readers.yaml:");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(may("web/ui", "GET").exit()).isZero();
        assertThat(may("none", "GET").out()).contains("the connection is closed", "PeerAuthentication shop/default");
        assertThat(flotilla("authz", "check", "shop/cart-1").orFail().out())
                .contains("mTLS STRICT", "AuthorizationPolicy shop/readers");
        assertThat(flotilla("authn", "tls-check", "web/ui-1", "cart.shop.svc.cluster.local")
                        .orFail()
                        .out())
                .containsPattern("cart.shop.svc.cluster.local:80 +OK +mTLS +mTLS");
        Command way = flotilla("explain", "--from", "web/ui-1", "--to", "http://cart.shop/items", "-X", "DELETE");
        assertThat(way.out()).containsPattern("authorization +shop/cart-1: no rule permits it.*shop/readers");
        assertThat(way.exit()).isEqualTo(1);

        Files.writeString(config.resolve("readers.yaml"), readers("[GET, DELETE]"));
        Eventually.holdsSlowly(
                LIMIT, galley::output, () -> may("web/ui", "DELETE").exit() == 0);
    }

    private Command may(String from, String method) {
        return flotilla("authz", "can", "--from", from, "--to", "cart.shop", "--method", method, "--path", "/items");
    }

    private static String readers(String methods) {
        return """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: readers, namespace: shop}
                spec: {rules: [{to: [{operation: {methods: %s}}]}]}
                """.formatted(methods);
    }
}
