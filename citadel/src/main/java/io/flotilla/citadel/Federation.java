package io.flotilla.citadel;

import io.flotilla.citadel.federation.BundleEndpoint;
import io.flotilla.citadel.federation.BundleFetch;
import io.flotilla.citadel.federation.PeerRoots;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.federation.PeerTrust;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.MeshTls;
import io.flotilla.service.fetch.GuardedFetch;
import io.flotilla.service.https.CertificateFiles;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Trust between this mesh and others, as the settings say: what is fetched, and what is served. */
final class Federation implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("citadel");
    /** Shorter than that no other mesh should look. */
    private static final Duration LONGEST_HINT = Duration.ofMinutes(5);

    private final CitadelSettings settings;
    private final Vertx vertx;
    private final PeerRoots peers;
    // Its own thread, since a fetch waits for strangers.
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("bundles of other meshes").factory());
    private final List<Future<?>> repeated = new ArrayList<>();
    private @Nullable BundleEndpoint endpoint;

    private Federation(CitadelSettings settings, Vertx vertx, PeerRoots peers) {
        this.settings = settings;
        this.vertx = vertx;
        this.peers = peers;
    }

    /** What was believed before; nothing is fetched yet. */
    static Federation open(CitadelSettings settings, Vertx vertx, Clock clock, Runnable changed) throws IOException {
        PeerRoots peers = PeerRoots.open(
                new PeerRoots.Mesh(
                        new TrustDomain(settings.trustDomain()), settings.csrSigner(), settings.bundleStale()),
                new BundleFetch(
                        GuardedFetch.Limits.PUBLIC.allowingPrivate(settings.bundleAllowPrivate()),
                        web(settings),
                        identities(settings.bundleIdentities().orElse(List.of()))),
                settings.caDir().map(folder -> Path.of(folder, "federation")),
                clock,
                changed);
        return new Federation(settings, vertx, peers);
    }

    private static SSLSocketFactory web(CitadelSettings settings) throws IOException {
        if (settings.bundleAuthorities().isEmpty()) {
            return (SSLSocketFactory) SSLSocketFactory.getDefault();
        }
        Path file = Path.of(settings.bundleAuthorities().get());
        List<X509Certificate> authorities = Certificates.parse(Files.readString(file))
                .orElseThrow(() -> new IOException("flotilla.bundle-authorities: " + file + " holds no certificate"));
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {MeshTls.trust(authorities)}, null);
            return tls.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    private static Map<String, SpiffeId> identities(List<String> rules) {
        Map<String, SpiffeId> identities = new HashMap<>();
        for (String rule : rules) {
            int at = rule.indexOf('=');
            String domain = at < 0 ? "" : rule.substring(0, at);
            SpiffeId id = SpiffeId.parse(rule.substring(at + 1))
                    .filter(each -> each.trustDomain().name().equals(domain))
                    .orElseThrow(() -> new IllegalArgumentException("flotilla.bundle-identities has \"" + rule
                            + "\", but must have TRUSTDOMAIN=spiffe://TRUSTDOMAIN/ns/NAMESPACE/sa/ACCOUNT"));
            identities.put(domain, id);
        }
        return identities;
    }

    PeerRoots roots() {
        return peers;
    }

    PeerTrust trust() {
        return peers.trust();
    }

    /** Begins to serve and to fetch. */
    void start(CurrentIdentity own, Keeper kept) throws IOException {
        if (settings.bundlePort() != 0) {
            Duration hint = settings.rotationPropagation().dividedBy(4);
            endpoint = BundleEndpoint.start(
                    new InetSocketAddress(settings.bundleBind(), Math.max(0, settings.bundlePort())),
                    tls(own),
                    authorities(kept),
                    hint.compareTo(LONGEST_HINT) < 0 ? hint.plusSeconds(1) : LONGEST_HINT);
            LOG.infof("the mesh's bundle is served on port %d", port());
        }
        repeated.add(timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS));
    }

    private Supplier<List<X509Certificate>> authorities(Keeper kept) {
        return () -> Stream.concat(kept.backend().trust().roots().stream(), peers.trust().own().stream())
                .distinct()
                .toList();
    }

    private SSLContext tls(CurrentIdentity own) throws IOException {
        if (settings.bundleCertificate().isEmpty() || settings.bundleKey().isEmpty()) {
            return MeshTls.https(own);
        }
        CertificateFiles files = new CertificateFiles(
                Path.of(settings.bundleCertificate().get()),
                Path.of(settings.bundleKey().get()),
                vertx);
        files.reload();
        repeated.add(timer.scheduleWithFixedDelay(() -> reload(files), 10, 10, TimeUnit.SECONDS));
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(new KeyManager[] {files.keyManager()}, new TrustManager[0], null);
            return tls;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    private static void reload(CertificateFiles files) {
        try {
            files.reload();
        } catch (IOException e) {
            LOG.errorf("the bundle endpoint's certificate stays as it was: %s", e.getMessage());
        }
    }

    private void look() {
        try {
            peers.look();
        } catch (RuntimeException e) {
            // A timer that throws would never run again.
            LOG.error("bundles of other meshes stay as they were", e);
        }
    }

    /** Of the bundle endpoint; 0 where none is. */
    int port() {
        BundleEndpoint running = endpoint;
        return running == null ? 0 : running.port();
    }

    @Override
    public void close() {
        repeated.forEach(each -> each.cancel(true));
        timer.shutdownNow();
        if (endpoint != null) {
            endpoint.close();
        }
    }
}
