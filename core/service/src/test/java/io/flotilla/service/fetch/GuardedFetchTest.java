package io.flotilla.service.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.MeshTls;
import io.flotilla.service.fetch.GuardedFetch.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedFetchTest {
    private static final SSLSocketFactory TLS = (SSLSocketFactory) SSLSocketFactory.getDefault();
    private static final GuardedFetch.Limits PRIVATE = new GuardedFetch.Limits(1000, Duration.ofSeconds(60), 3, true);
    private static final GuardedFetch.Limits HASTY = new GuardedFetch.Limits(1000, Duration.ofMillis(700), 3, true);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration DRIBBLES_FOR = Duration.ofSeconds(20);

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI serve(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            asked.incrementAndGet();
            handler.handle(exchange);
        });
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static void answer(HttpExchange exchange, int status, String body, boolean chunked) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, chunked ? 0 : bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static HttpHandler redirect(String to) {
        return exchange -> {
            exchange.getResponseHeaders().add("Location", to);
            answer(exchange, 302, "", false);
        };
    }

    private static String failure(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed ? failed.message() : "fetched";
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fetchesWhatIsSmallEnough(boolean chunked) {
        URI uri = serve("/keys?x=1".substring(0, 5), exchange -> answer(exchange, 200, "{\"keys\":[]}", chunked));
        assertThat(new GuardedFetch(PRIVATE, TLS).get(uri)).isEqualTo(new Outcome.Fetched("{\"keys\":[]}"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesWhatIsTooLong(boolean chunked) {
        URI uri = serve("/big", exchange -> answer(exchange, 200, "x".repeat(1001), chunked));
        assertThat(failure(new GuardedFetch(PRIVATE, TLS).get(uri))).contains("1000 bytes");
    }

    @Test
    void aPrivateAddressIsNotAskedAtAll() {
        URI uri = serve("/secret", exchange -> answer(exchange, 200, "s3cret", false));
        GuardedFetch guarded = new GuardedFetch(GuardedFetch.Limits.PUBLIC, TLS);
        for (String host : new String[] {"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1"}) {
            URI at = URI.create("https://" + host + ":" + uri.getPort() + "/secret");
            assertThat(guarded.get(at)).as(host).isInstanceOf(Outcome.Failed.class);
        }
        assertThat(failure(guarded.get(uri))).contains("https");
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "127.0.0.1",
                "0.0.0.0",
                "100.64.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fd00::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:7f00:1::",
                "::127.0.0.1"
            })
    void theseAreNotPublic(String address) throws IOException {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "1.1.1.1", "100.128.0.1", "172.32.0.1", "2606:4700::1111"})
    void theseArePublic(String address) throws IOException {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void noRedirectLeadsFromTlsToPlaintext() throws Exception {
        URI plain = serve("/plain", exchange -> answer(exchange, 200, "plain", false));
        URI[] to = {plain};
        IdentityMaterial host = host("localhost");
        SSLContext believing = SSLContext.getInstance("TLS");
        believing.init(null, new TrustManager[] {MeshTls.trust(host.roots())}, null);
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(MeshTls.https(() -> Optional.of(host))));
        secure.createContext("/bundle", exchange -> redirect(to[0].toString()).handle(exchange));
        secure.createContext("/end", exchange -> answer(exchange, 200, "done", false));
        secure.start();
        try {
            URI bundle = URI.create("https://localhost:" + secure.getAddress().getPort() + "/bundle");
            GuardedFetch fetch = new GuardedFetch(PRIVATE, believing.getSocketFactory());
            assertThat(failure(fetch.get(bundle))).contains("redirects to an address without TLS");
            assertThat(asked).hasValue(0);
            to[0] = bundle.resolve("/end");
            assertThat(fetch.get(bundle)).isEqualTo(new Outcome.Fetched("done"));
        } finally {
            secure.stop(0);
        }
    }

    private static IdentityMaterial host(String name) {
        Instant now = Instant.now();
        KeyPair pair = KeyForms.generate(RANDOM);
        Authority authority = Authority.selfSigned(new TrustDomain("x"), now, Duration.ofDays(1), RANDOM);
        X509Certificate leaf = authority.sign(
                new CertificateTemplate(
                        Certificates.serial(RANDOM),
                        CertificateTemplate.Subject.NONE,
                        List.of(),
                        List.of(name),
                        new CertificateTemplate.Validity(now.minusSeconds(60), now.plusSeconds(600)),
                        new CertificateTemplate.Holder(pair.getPublic(), false)),
                RANDOM);
        return new IdentityMaterial(
                SpiffeId.of("x", "a", "b"), pair.getPrivate(), List.of(leaf), List.of(authority.certificate()));
    }

    @Test
    void followsFewRedirects() {
        URI end = serve("/end", exchange -> answer(exchange, 200, "done", false));
        URI once = serve("/once", redirect("/end"));
        URI forever = serve("/forever", redirect("/forever"));
        GuardedFetch fetch = new GuardedFetch(PRIVATE, TLS);
        assertThat(fetch.get(once)).isEqualTo(fetch.get(end));
        asked.set(0);
        assertThat(failure(fetch.get(forever))).contains("redirects");
        assertThat(asked).hasValue(4);
    }

    @Test
    void aBodyIsNeverInAMessage() {
        URI uri = serve("/error", exchange -> answer(exchange, 500, "s3cret", false));
        assertThat(failure(new GuardedFetch(PRIVATE, TLS).get(uri)))
                .contains("500")
                .doesNotContain("s3cret");
    }

    @Test
    void aServerThatDribblesIsLeftAtTheDeadline() throws IOException {
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CountDownLatch over = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> dribble(slow, over));
            long begin = System.nanoTime();
            Outcome outcome =
                    new GuardedFetch(HASTY, TLS).get(URI.create("http://127.0.0.1:" + slow.getLocalPort() + "/"));
            assertThat(outcome).isInstanceOf(Outcome.Failed.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(DRIBBLES_FOR);
            over.countDown();
        }
    }

    /** A byte now and then: each read alone is quick enough. */
    private static void dribble(ServerSocket slow, CountDownLatch over) {
        try (Socket socket = slow.accept()) {
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < DRIBBLES_FOR.toMillis() / 50; i++) {
                socket.getOutputStream().write("a: b\r\n".getBytes(StandardCharsets.US_ASCII));
                if (over.await(50, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // The client has left, which is the point.
            Thread.currentThread().interrupt();
        }
    }
}
