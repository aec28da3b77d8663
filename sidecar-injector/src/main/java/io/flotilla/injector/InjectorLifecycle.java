package io.flotilla.injector;

import io.flotilla.discovery.client.SavedState;
import io.flotilla.injection.PodContext;
import io.flotilla.injection.SidecarInjector;
import io.flotilla.service.GalleyChannel;
import io.flotilla.service.IdentitySettings;
import io.flotilla.service.MeshTls;
import io.flotilla.service.ServiceIdentity;
import io.flotilla.service.https.CertificateFiles;
import io.flotilla.service.https.NotAReview;
import io.flotilla.service.https.ReviewServer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509KeyManager;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts the webhook with a certificate from Citadel or from files, and keeps that certificate current. */
@ApplicationScoped
class InjectorLifecycle {
    private static final Logger LOG = Logger.getLogger("injector");
    private static final int MAX_BODY_BYTES = 3 * 1024 * 1024;
    private static final long FILES_PERIOD_MILLIS = Duration.ofSeconds(2).toMillis();

    private final InjectorSettings settings;
    private final InjectionMetrics metrics;
    private final Vertx vertx;
    private final PolicyFile policy;
    private final ProxyFeed feed;
    private @Nullable ServiceIdentity identity;
    private volatile @Nullable ReviewServer server;

    InjectorLifecycle(InjectorSettings settings, InjectionMetrics metrics, Vertx vertx) {
        this.settings = settings;
        this.metrics = metrics;
        this.vertx = vertx;
        this.policy = new PolicyFile(
                PodSettings.of(settings),
                settings.injector().configFile().map(Path::of),
                settings.injector().meshConfigFile().map(Path::of));
        this.feed = new ProxyFeed(settings.stateDir().map(Path::of).map(SavedState::new), policy::published);
    }

    void start(@Observes StartupEvent event) throws IOException {
        policy.reload();
        vertx.setPeriodic(FILES_PERIOD_MILLIS, timer -> Thread.startVirtualThread(this::followPolicy));
        Optional<String> citadel = settings.identity().citadel().filter(address -> !address.isBlank());
        if (citadel.isPresent()) {
            identity = ServiceIdentity.start(identitySettings(citadel.get()));
        }
        Optional<String> chain = settings.injector().certFile();
        Optional<String> key = settings.injector().keyFile();
        ServiceIdentity started = identity;
        if (chain.isPresent() && key.isPresent()) {
            CertificateFiles files = new CertificateFiles(Path.of(chain.get()), Path.of(key.get()), vertx);
            files.reload();
            serve(files.keyManager());
            vertx.setPeriodic(FILES_PERIOD_MILLIS, timer -> Thread.startVirtualThread(() -> follow(files)));
        } else if (started != null) {
            serve(MeshTls.keyManager(started));
        } else {
            throw new IllegalStateException("the webhook needs a certificate: set flotilla.identity.citadel, or"
                    + " flotilla.injector.cert-file and flotilla.injector.key-file");
        }
        settings.config()
                .filter(address -> !address.isBlank())
                .ifPresent(galley -> feed.start(
                        settings.namespace(), () -> GalleyChannel.open(galley, settings.namespace(), started)));
    }

    private void serve(X509KeyManager certificate) {
        warmUp(policy.inForce());
        ReviewServer started =
                ReviewServer.start(vertx, settings.bind(), settings.webhookPort(), certificate, handling());
        server = started;
        LOG.infof("serving /inject on %s:%d", settings.bind(), started.port());
    }

    /** On the event loop: a review takes a millisecond and waits for nothing. */
    private ReviewServer.Handling handling() {
        return new ReviewServer.Handling(
                Set.of("/inject"),
                MAX_BODY_BYTES,
                Duration.ofSeconds(10),
                (path, body) -> answer(body),
                Runnable::run,
                status -> metrics.unreadable());
    }

    private JsonObject answer(JsonObject body) throws NotAReview {
        long begin = System.nanoTime();
        AdmissionReview.Answer answer = AdmissionReview.answer(body, policy.inForce());
        metrics.answered(answer.outcome(), Duration.ofNanos(System.nanoTime() - begin));
        LOG.info(answer.detail());
        return answer.body();
    }

    // The first injection loads a thousand classes of Envoy's API, which takes longer than an API server waits when the
    // machine is busy.
    private static void warmUp(SidecarInjector injector) {
        Map<String, Object> pod = Map.of("metadata", Map.of(), "spec", Map.of("containers", List.of()));
        injector.inject(pod, new PodContext("default", "", Map.of()));
    }

    private static void follow(CertificateFiles files) {
        try {
            if (files.reload()) {
                LOG.info("the webhook's certificate was replaced");
            }
        } catch (IOException e) {
            LOG.warnf("the certificate in use stays: %s", e.getMessage());
        }
    }

    /** Reads the policy file again. */
    void followPolicy() {
        try {
            policy.reload();
        } catch (IOException e) {
            LOG.warnf("the policy in force stays: %s", e.getMessage());
        }
    }

    private IdentitySettings identitySettings(String citadel) {
        InjectorSettings.Identity given = settings.identity();
        List<String> names = given.dnsNames();
        return new IdentitySettings(
                citadel,
                given.citadelName(),
                Path.of(given.tokenFile().orElse("/var/run/secrets/tokens/istio-token")),
                Path.of(given.rootFile().orElse("/var/run/secrets/istio/root-cert.pem")),
                names,
                Duration.ZERO);
    }

    void stop(@Observes ShutdownEvent event) {
        ReviewServer serving = server;
        if (serving != null) {
            serving.close();
        }
        feed.close();
        if (identity != null) {
            identity.close();
        }
    }

    /** The port that is served; empty before it is. */
    Optional<Integer> port() {
        return Optional.ofNullable(server).map(ReviewServer::port);
    }

    /** Why reviews cannot be answered now; empty if they can. */
    Optional<String> problem() {
        if (server == null) {
            return Optional.of("not listening");
        }
        ServiceIdentity asked = identity;
        boolean files = settings.injector().certFile().isPresent()
                && settings.injector().keyFile().isPresent();
        return asked != null && !files && asked.current().isEmpty() ? Optional.of(asked.problem()) : Optional.empty();
    }
}
