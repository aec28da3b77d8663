package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.flotilla.e2e.kube.ApiServer;
import io.flotilla.e2e.kube.SidecarEnvoy;
import io.flotilla.e2e.kube.SuiteService;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.LocalTokenIssuer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A certificate of a user's own, from the Secret in the cluster to the server that asks for it: Galley reads the rule,
 * Pilot tells the sidecar that it selects, Citadel asks the API server and serves the Secret, Envoy shows it.
 */
@OfServices
class CredentialIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final LocalTokenIssuer ISSUER = LocalTokenIssuer.create(RANDOM);

    @TempDir
    static Path shared;

    @SuppressWarnings("NullAway.Init") // by start()
    private static ApiServer api;

    @BeforeAll
    static void start() {
        api = ApiServer.start(shared);
        api.installCrds();
        api.pki().server("api", "api.example.com").server("first").server("second");
        api.applyOrFail("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: istio-system}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: client, namespace: shop}
                """);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** Answers whose certificate it was shown; nobody gets in without one. */
    private static HttpsServer server() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        char[] password = "changeit".toCharArray();
        try (InputStream in = Files.newInputStream(beside("keys.p12"))) {
            keys.load(in, password);
        }
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("api", keys.getKey("api", password), password, keys.getCertificateChain("api"));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", keys.getCertificate("ca"));
        KeyManagerFactory mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        mine.init(own, password);
        TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(mine.getKeyManagers(), others.getTrustManagers(), RANDOM);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters settings = getSSLContext().getDefaultSSLParameters();
                settings.setNeedClientAuth(true);
                parameters.setSSLParameters(settings);
            }
        });
        server.createContext("/", exchange -> {
            byte[] peer = ((com.sun.net.httpserver.HttpsExchange) exchange)
                    .getSSLSession()
                    .getPeerPrincipal()
                    .getName()
                    .getBytes(StandardCharsets.UTF_8);
            // One handshake a request, so that the certificate is the one of now.
            exchange.getResponseHeaders().add("connection", "close");
            exchange.sendResponseHeaders(200, peer.length);
            exchange.getResponseBody().write(peer);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void secret(String name) throws IOException {
        api.applyOrFail("""
                apiVersion: v1
                kind: Secret
                metadata: {name: api-client, namespace: shop}
                data: {tls.crt: %s, tls.key: %s, ca.crt: %s}
                """.formatted(
                        encoded(beside(name + ".crt")),
                        encoded(beside(name + ".key")),
                        encoded(api.pki().authority())));
    }

    private static Path beside(String file) {
        return api.pki().authority().resolveSibling(file);
    }

    private static String encoded(Path file) throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    }

    private static SuiteService citadel(Path folder) throws IOException {
        Path credentials = Files.createDirectories(folder.resolve("credentials"));
        Files.writeString(credentials.resolve("token"), api.token());
        Files.copy(api.pki().authority(), credentials.resolve("ca.crt"));
        Path jwks = Files.writeString(folder.resolve("jwks.json"), ISSUER.jwks());
        return new SuiteService(
                "citadel",
                folder,
                Map.of(
                        "FLOTILLA_KUBERNETES_API",
                        api.url(),
                        "FLOTILLA_KUBERNETES_CREDENTIALS",
                        credentials.toString(),
                        "FLOTILLA_JWKS_FILE",
                        jwks.toString(),
                        "FLOTILLA_CA_DIR",
                        folder.resolve("ca").toString(),
                        "FLOTILLA_ROOT_OUT",
                        folder.resolve("root.pem").toString(),
                        "FLOTILLA_WORKLOAD_CREDENTIALS",
                        "true"));
    }

    private static String rules(int port, String selected) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: api, namespace: shop}
                spec:
                  hosts: [api.example.com]
                  location: MESH_EXTERNAL
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP, targetPort: %d}]
                  endpoints: [{address: 127.0.0.1}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: api, namespace: shop}
                spec:
                  host: api.example.com
                  workloadSelector: {matchLabels: {app: %s}}
                  trafficPolicy: {tls: {mode: MUTUAL, credentialName: api-client}}
                """.formatted(port, selected);
    }

    @Test
    void aSidecarShowsTheCertificateOfTheSecretThatItsRuleNames() throws Exception {
        secret("first");
        String token = ISSUER.mint(
                new LocalTokenIssuer.TokenRequest(
                        new ServiceAccount("shop", "client"), Optional.empty(), "istio-ca", Duration.ofMinutes(30)),
                Instant.now(),
                RANDOM);
        HttpsServer server = server();
        int port = server.getAddress().getPort();
        try (SuiteService galley = SuiteService.galley(shared, api, Map.of()).startAndAwaitReady();
                SuiteService pilot = new SuiteService(
                                "pilot", shared, Map.of("FLOTILLA_CONFIG", "xds://127.0.0.1:" + galley.port()))
                        .startAndAwaitReady();
                SuiteService citadel = citadel(shared).startAndAwaitReady()) {
            api.applyOrFail(rules(port, "client"));
            try (SidecarEnvoy envoy = new SidecarEnvoy(
                    shared,
                    "client.shop",
                    token,
                    shared.resolve("root.pem"),
                    pilot.port(),
                    citadel.port(),
                    "outbound|80||api.example.com")) {
                awaits(galley, pilot, citadel, envoy, "200 CN=first"::equals);

                secret("second");
                awaits(galley, pilot, citadel, envoy, "200 CN=second"::equals);

                // Of others the rule says nothing: they speak plaintext to a server of TLS.
                api.applyOrFail(rules(port, "somebody-else"));
                awaits(galley, pilot, citadel, envoy, said -> !said.startsWith("200"));
            }
        } finally {
            server.stop(0);
        }
    }

    private static void awaits(
            SuiteService galley,
            SuiteService pilot,
            SuiteService citadel,
            SidecarEnvoy envoy,
            Predicate<String> expected) {
        Eventually.holdsSlowly(
                LIMIT,
                () -> envoy.ask() + "\n" + envoy.output() + citadel.output() + pilot.output() + galley.output(),
                () -> expected.test(envoy.ask()));
        assertThat(envoy.ask()).matches(expected);
    }
}
