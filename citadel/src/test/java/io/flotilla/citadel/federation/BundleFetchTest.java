package io.flotilla.citadel.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.flotilla.fixtures.identity.TestAuthority;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.federation.SpiffeBundle;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.MeshTls;
import io.flotilla.service.fetch.GuardedFetch;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose bundle is taken, by the certificate that its endpoint really shows. */
class BundleFetchTest {
    private static final GuardedFetch.Limits HERE = new GuardedFetch.Limits(1 << 20, Duration.ofSeconds(60), 2, true);
    private static final String CITADEL = "spiffe://b.example/ns/istio-system/sa/istio-citadel-service-account";
    private static final String OTHER = "spiffe://b.example/ns/default/sa/other";
    private static final String B = "b.example";

    private final TestAuthority authority = TestAuthority.of(B);
    private final TestAuthority stranger = TestAuthority.of(B);

    @SuppressWarnings("NullAway.Init") // each test serves
    private BundleEndpoint endpoint;

    @AfterEach
    void stop() {
        endpoint.close();
    }

    /** The bundle of b.example, by an endpoint with this identity and name. */
    private URI serve(TestAuthority signing, String uri, List<String> hosts, Duration life) throws Exception {
        IdentityMaterial shown = signing.member(uri, hosts, life, signing.roots());
        endpoint = BundleEndpoint.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                MeshTls.https(() -> Optional.of(shown)),
                authority::roots,
                Duration.ofMinutes(5));
        return URI.create("https://localhost:" + endpoint.port() + "/");
    }

    private static SSLSocketFactory believing(TestAuthority authority) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {MeshTls.trust(authority.roots())}, null);
        return tls.getSocketFactory();
    }

    private GuardedFetch.Outcome byHost(URI at) throws Exception {
        return new BundleFetch(HERE, believing(authority), Map.of()).get(B, at, List.of());
    }

    private GuardedFetch.Outcome byIdentity(URI at, TestAuthority... roots) throws Exception {
        List<X509Certificate> known =
                Stream.of(roots).flatMap(each -> each.roots().stream()).toList();
        // Who is believed for hosts does not matter then.
        return new BundleFetch(
                        HERE,
                        believing(stranger),
                        Map.of(B, SpiffeId.parse(CITADEL).orElseThrow()))
                .get(B, at, known);
    }

    private void isTaken(GuardedFetch.Outcome outcome) {
        assertThat(outcome).isInstanceOf(GuardedFetch.Outcome.Fetched.class);
        assertThat(((GuardedFetch.Outcome.Fetched) outcome).body())
                .isEqualTo(new SpiffeBundle(authority.roots(), sequence(outcome), Optional.of(Duration.ofMinutes(5)))
                        .json());
    }

    private static long sequence(GuardedFetch.Outcome outcome) {
        String body = ((GuardedFetch.Outcome.Fetched) outcome).body();
        return Long.parseLong(body.replaceFirst("(?s).*\"spiffe_sequence\"\\s*:\\s*([0-9]+).*", "$1"));
    }

    private static void isRefused(GuardedFetch.Outcome outcome) {
        assertThat(outcome).isInstanceOf(GuardedFetch.Outcome.Failed.class);
        assertThat(((GuardedFetch.Outcome.Failed) outcome).message())
                .isNotBlank()
                .doesNotContain("BEGIN");
    }

    @Test
    void byItsHostsCertificate() throws Exception {
        isTaken(byHost(serve(authority, OTHER, List.of("localhost"), Duration.ofHours(1))));
    }

    @Test
    void byNoOtherHostsCertificate() throws Exception {
        isRefused(byHost(serve(authority, CITADEL, List.of("elsewhere.example"), Duration.ofHours(1))));
    }

    @Test
    void byNoStrangersCertificate() throws Exception {
        isRefused(byHost(serve(stranger, CITADEL, List.of("localhost"), Duration.ofHours(1))));
    }

    @Test
    void byNoCertificateThatHasEnded() throws Exception {
        URI at = serve(authority, CITADEL, List.of("localhost"), Duration.ofSeconds(-1));
        isRefused(byHost(at));
        isRefused(byIdentity(at, authority));
    }

    @Test
    void byTheIdentityThatTheSettingsNameWhateverTheHost() throws Exception {
        URI at = serve(authority, CITADEL, List.of(), Duration.ofHours(1));
        isTaken(byIdentity(at, authority));
        isRefused(byIdentity(at, stranger));
        isRefused(byIdentity(at));
    }

    @Test
    void byNoOtherIdentityOfThatMeshEvenForItsHost() throws Exception {
        isRefused(byIdentity(serve(authority, OTHER, List.of("localhost"), Duration.ofHours(1)), authority));
    }

    @Test
    void plaintextProvesNothing() throws Exception {
        URI secure = serve(authority, CITADEL, List.of("localhost"), Duration.ofHours(1));
        String body = ((GuardedFetch.Outcome.Fetched) byHost(secure)).body();
        HttpServer plain = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        plain.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length());
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        plain.start();
        try {
            URI at = URI.create("http://localhost:" + plain.getAddress().getPort() + "/");
            isRefused(byHost(at));
            isRefused(byIdentity(at, authority));
        } finally {
            plain.stop(0);
        }
    }
}
