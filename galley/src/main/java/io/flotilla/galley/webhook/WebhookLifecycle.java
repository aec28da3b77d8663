package io.flotilla.galley.webhook;

import io.flotilla.galley.kubernetes.ClusterClient;
import io.flotilla.galley.kubernetes.KubernetesSettings;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.IdentitySettings;
import io.flotilla.service.MeshTls;
import io.flotilla.service.ServiceIdentity;
import io.flotilla.service.https.CertificateFiles;
import io.flotilla.service.https.ReviewServer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.X509KeyManager;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts the webhook with a certificate from Citadel or from files, and keeps that certificate current. */
@ApplicationScoped
class WebhookLifecycle {
    private static final Logger LOG = Logger.getLogger("galley.webhook");
    private static final Set<String> PATHS = Set.of("/validate", "/admitpilot", "/admitmixer");
    private static final Duration FILES_PERIOD = Duration.ofSeconds(2);
    /** A review has the object as it was and as it would be, each at most what an API server takes. */
    private static final int MAX_BODY_BYTES = 8 * 1024 * 1024;

    private static final int WAITING = 256;

    private final WebhookSettings settings;
    private final WebhookIdentity identitySettings;
    private final Reviews reviews;
    private final ValidationMetrics metrics;
    private final KubernetesSettings cluster;
    private final Vertx vertx;
    private @Nullable RegistrationLoop registration;
    private @Nullable ServiceIdentity identity;
    private volatile @Nullable ReviewServer server;

    WebhookLifecycle(
            WebhookSettings settings,
            WebhookIdentity identitySettings,
            Reviews reviews,
            ValidationMetrics metrics,
            KubernetesSettings cluster,
            Vertx vertx) {
        this.settings = settings;
        this.identitySettings = identitySettings;
        this.reviews = reviews;
        this.metrics = metrics;
        this.cluster = cluster;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) throws IOException {
        if (settings.webhookPort() == 0) {
            return;
        }
        Optional<String> chain = settings.webhook().certFile().filter(file -> !file.isBlank());
        Optional<String> key = settings.webhook().keyFile().filter(file -> !file.isBlank());
        Optional<String> citadel = identitySettings.citadel().filter(address -> !address.isBlank());
        if (chain.isPresent() && key.isPresent()) {
            CertificateFiles files = new CertificateFiles(Path.of(chain.get()), Path.of(key.get()), vertx);
            files.reload();
            serve(files.keyManager());
            register(this::rootsOfFiles);
            vertx.setPeriodic(FILES_PERIOD.toMillis(), timer -> Thread.startVirtualThread(() -> follow(files)));
        } else if (citadel.isPresent()) {
            ServiceIdentity started = ServiceIdentity.start(identity(citadel.get()));
            started.onChange(material -> metrics.certificateReplaced());
            identity = started;
            serve(MeshTls.keyManager(started));
            register(() -> started.current()
                    .map(material -> Certificates.pem(material.roots()))
                    .orElse(""));
        } else {
            LOG.info("no webhook: it needs a certificate, by flotilla.identity.citadel, or by"
                    + " flotilla.webhook.cert-file and flotilla.webhook.key-file");
        }
    }

    private IdentitySettings identity(String citadel) {
        return new IdentitySettings(
                citadel,
                identitySettings.citadelName(),
                Path.of(identitySettings.tokenFile().orElse("/var/run/secrets/tokens/istio-token")),
                Path.of(identitySettings.rootFile().orElse("/var/run/secrets/istio/root-cert.pem")),
                identitySettings.dnsNames(),
                Duration.ZERO);
    }

    private void serve(X509KeyManager certificate) {
        int atOnce = Math.max(4, Runtime.getRuntime().availableProcessors() * 2);
        ReviewServer.Handling handling = new ReviewServer.Handling(
                PATHS,
                MAX_BODY_BYTES,
                settings.webhook().limit(),
                (path, body) -> reviews.answer(body),
                new BoundedReviews(atOnce, WAITING),
                metrics::httpError);
        ReviewServer started =
                ReviewServer.start(vertx, settings.bind(), Math.max(0, settings.webhookPort()), certificate, handling);
        server = started;
        LOG.infof("validating on %s:%d", settings.bind(), started.port());
    }

    /** Keeps the API server's configuration of this webhook current, where the settings name it. */
    private void register(Supplier<String> roots) {
        settings.webhook()
                .configuration()
                .filter(name -> !name.isBlank())
                .ifPresent(name -> registration = new RegistrationLoop(
                        ClusterClient.of(cluster.kubeconfig(), cluster.context()),
                        name,
                        settings.namespace(),
                        metrics,
                        roots));
    }

    /** The file of roots; where there is none, the certificate vouches for itself. */
    private String rootsOfFiles() {
        String file =
                settings.webhook().caFile().or(settings.webhook()::certFile).orElseThrow();
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            LOG.warnf("no roots: %s", e.getMessage());
            return "";
        }
    }

    private void follow(CertificateFiles files) {
        try {
            if (files.reload()) {
                metrics.certificateReplaced();
                LOG.info("the webhook's certificate was replaced");
            }
        } catch (IOException e) {
            metrics.certificateUnreadable("unreadable");
            LOG.warnf("the certificate in use stays: %s", e.getMessage());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        RegistrationLoop looking = registration;
        if (looking != null) {
            looking.close();
        }
        ReviewServer serving = server;
        if (serving != null) {
            serving.close();
        }
        ServiceIdentity asked = identity;
        if (asked != null) {
            asked.close();
        }
    }

    /** The port that is served; empty where there is no webhook. */
    Optional<Integer> port() {
        return Optional.ofNullable(server).map(ReviewServer::port);
    }
}
