package io.flotilla.citadel;

import io.flotilla.citadel.backend.Backend;
import io.flotilla.citadel.backend.LocalBackend;
import io.flotilla.citadel.call.CallerCheck;
import io.flotilla.citadel.call.CertificateService;
import io.flotilla.citadel.call.TokenKeys;
import io.flotilla.citadel.crypto.LiveCrypto;
import io.flotilla.citadel.kubernetes.KubernetesApi;
import io.flotilla.citadel.kubernetes.RootConfigMaps;
import io.flotilla.citadel.kubernetes.RootSecret;
import io.flotilla.citadel.root.RootFolder;
import io.flotilla.citadel.root.RootStore;
import io.flotilla.citadel.secret.SecretSource;
import io.flotilla.citadel.secret.StreamEnd;
import io.flotilla.citadel.sign.AuditLog;
import io.flotilla.citadel.sign.OwnIdentity;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.SerialSource;
import io.flotilla.identity.authority.SigningSlot;
import io.flotilla.identity.issue.IssuancePolicy;
import io.flotilla.identity.issue.ServerNames;
import io.flotilla.identity.sds.VersionSeal;
import io.flotilla.identity.token.TokenPolicy;
import io.flotilla.service.GrpcServers;
import io.flotilla.service.MeshTls;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.netty.handler.ssl.ClientAuth;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts Citadel: the root, its own certificate, the port with the CSR API and SDS. */
@ApplicationScoped
class CitadelServer {
    private static final Logger LOG = Logger.getLogger("citadel");
    private static final int GRACE_SECONDS = 2;

    private final CitadelSettings settings;
    private final CitadelMetrics metrics;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("renewals").factory());
    private @Nullable Authority authority;
    private @Nullable Server server;
    private @Nullable XdsServer discovery;
    private @Nullable RootPublication publication;

    CitadelServer(CitadelSettings settings, CitadelMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        // A stream that is over must not be kept until its renewal would have been due.
        timer.setRemoveOnCancelPolicy(true);
    }

    void start(@Observes StartupEvent event) throws IOException {
        LOG.infof("signatures by %s", LiveCrypto.install(settings.nativeCrypto()));
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        TrustDomain domain = new TrustDomain(settings.trustDomain());
        RootStore.NewRoot wanted = new RootStore.NewRoot(domain, settings.rootLifetime(), settings.caKey());
        Authority root = rootStore().loadOrCreate(wanted, clock.instant(), random);
        authority = root;
        Backend backend = new LocalBackend("its own root", SigningSlot.ofRoot(root), random);
        if (settings.rootOut().isPresent()) {
            RootFolder.publish(Path.of(settings.rootOut().get()), root.certificatePem());
        }
        if (settings.publishRoots()) {
            RootPublication publishing = new RootPublication(new RootConfigMaps(kubernetes(), root.certificatePem()));
            publishing.start();
            publication = publishing;
        }
        Signer signer = new Signer(
                backend,
                policy(domain, root),
                settings.workloadKey(),
                new Signer.Sources(clock, random, SerialSource.random(random)),
                new AuditLog().and(metrics::outcome));
        CallerCheck callers = new CallerCheck(
                new TokenKeys(path("jwks-file", settings.jwksFile())),
                new TokenPolicy(settings.issuer(), settings.audience(), TokenPolicy.LEEWAY),
                clock);
        SecretSource secrets =
                new SecretSource(callers, new SecretSource.Parts(signer, VersionSeal.of(root), clock, random, timer));
        metrics.register(root, secrets);
        XdsServer sds = new XdsServer(secrets, DeliveryOrder.NONE, "citadel");
        discovery = sds;
        ServiceAccount self = new ServiceAccount(settings.namespace(), "istio-citadel-service-account");
        OwnIdentity own = new OwnIdentity(signer, new SpiffeId(domain, self), clock);
        Server started = GrpcServers.builder(
                        settings.bind(), Math.max(0, settings.port()), MeshTls.server(own, ClientAuth.NONE))
                .addService(ServerInterceptors.intercept(sds.secrets(), new StreamEnd(callers, clock, random, timer)))
                .addService(new CertificateService(callers, signer, metrics::called).definition())
                .build()
                .start();
        server = started;
        LOG.infof(
                "signing as %s until %s, CSR API and SDS on port %d",
                root.certificate().getSubjectX500Principal().getName(), root.notAfter(), started.getPort());
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        timer.shutdownNow();
        if (publication != null) {
            publication.close();
        }
        if (discovery != null) {
            discovery.close();
        }
        Server running = server;
        if (running != null && !running.shutdown().awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
            running.shutdownNow();
        }
    }

    /** The root that signs; empty before the start. */
    Optional<Authority> authority() {
        return Optional.ofNullable(authority);
    }

    /** The port that is served, 0 where none is. */
    int port() {
        Server running = server;
        return running == null ? 0 : running.getPort();
    }

    private IssuancePolicy policy(TrustDomain domain, Authority root) {
        return new IssuancePolicy(
                domain,
                ServerNames.controlPlane(settings.namespace(), settings.domainSuffix()),
                new IssuancePolicy.Lifetimes(settings.certificateLifetime(), settings.maxCertificateLifetime()),
                root.notAfter(),
                IssuancePolicy.BACKDATE);
    }

    private RootStore rootStore() throws IOException {
        return settings.caSecret().isPresent()
                ? new RootSecret(
                        kubernetes(), settings.namespace(), settings.caSecret().get())
                : new RootFolder(path("ca-dir", settings.caDir()));
    }

    private KubernetesApi kubernetes() throws IOException {
        return KubernetesApi.of(settings.kubernetesApi(), Path.of(settings.kubernetesCredentials()));
    }

    private static Path path(String setting, Optional<String> value) {
        return value.map(Path::of)
                .orElseThrow(
                        () -> new IllegalStateException("flotilla." + setting + " is not set (environment FLOTILLA_"
                                + setting.toUpperCase(java.util.Locale.ROOT).replace('-', '_') + ")"));
    }
}
