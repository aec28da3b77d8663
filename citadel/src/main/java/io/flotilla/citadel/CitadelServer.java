package io.flotilla.citadel;

import io.flotilla.citadel.admin.AuthorityService;
import io.flotilla.citadel.backend.Backend;
import io.flotilla.citadel.backend.ExternalBackend;
import io.flotilla.citadel.backend.PluggedFolder;
import io.flotilla.citadel.bootstrap.GrantFolder;
import io.flotilla.citadel.bootstrap.GrantStore;
import io.flotilla.citadel.bootstrap.Machines;
import io.flotilla.citadel.call.CallerCheck;
import io.flotilla.citadel.call.CertificateService;
import io.flotilla.citadel.call.Delegation;
import io.flotilla.citadel.crypto.LiveCrypto;
import io.flotilla.citadel.kubernetes.CertManagerDesk;
import io.flotilla.citadel.kubernetes.CsrDesk;
import io.flotilla.citadel.kubernetes.KubernetesApi;
import io.flotilla.citadel.kubernetes.RootConfigMaps;
import io.flotilla.citadel.kubernetes.RootSecret;
import io.flotilla.citadel.revoke.RevocationLog;
import io.flotilla.citadel.root.RootFolder;
import io.flotilla.citadel.root.RootRotation;
import io.flotilla.citadel.root.RootStore;
import io.flotilla.citadel.secret.SecretSource;
import io.flotilla.citadel.secret.StreamEnd;
import io.flotilla.citadel.sign.AuditLog;
import io.flotilla.citadel.sign.Gate;
import io.flotilla.citadel.sign.OwnIdentity;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.SerialSource;
import io.flotilla.identity.authority.Trust;
import io.flotilla.identity.issue.DelegationPolicy;
import io.flotilla.identity.issue.IssuancePolicy;
import io.flotilla.identity.issue.ServerNames;
import io.flotilla.identity.limit.IssueLimits;
import io.flotilla.identity.limit.TokenBucket;
import io.flotilla.identity.revocation.RevocationSet;
import io.flotilla.identity.rotation.Rotation;
import io.flotilla.identity.sds.VersionSeal;
import io.flotilla.service.GrpcServers;
import io.flotilla.service.MeshTls;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.netty.handler.ssl.ClientAuth;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    private @Nullable Keeper keeper;
    private @Nullable Server server;
    private @Nullable XdsServer discovery;
    private @Nullable RootPublication publication;
    private @Nullable Future<?> polling;
    private @Nullable RevocationLog revocations;

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
        Keeper kept = keeper(domain, clock, random);
        keeper = kept;
        publishRoots(kept);
        if (settings.caDir().isPresent()) {
            revocations = RevocationLog.open(Path.of(settings.caDir().get()).resolve("revocations"));
        }
        Signer signer = new Signer(
                kept.backend(),
                policy(domain, kept.backend().trust()),
                settings.workloadKey(),
                new Signer.Sources(clock, random, SerialSource.random(random)),
                new Signer.Watch(new Gate(this::revoked, limits(clock)), new AuditLog().and(metrics::outcome)));
        Optional<GrantStore> grants =
                settings.caDir().map(folder -> new GrantFolder(Path.of(folder).resolve("bootstrap")));
        CallerCheck callers = new Callers(settings, this::kubernetes, clock)
                .check(grants, (certificate, id) -> revoked().covers(certificate, id, clock.instant()));
        SecretSource secrets = new SecretSource(
                callers, new SecretSource.Parts(signer, VersionSeal.of(kept.shared()), clock, random, timer));
        metrics.register(kept.backend(), secrets);
        XdsServer sds = new XdsServer(secrets, DeliveryOrder.NONE, "citadel");
        discovery = sds;
        ServiceAccount self = new ServiceAccount(settings.namespace(), "istio-citadel-service-account");
        OwnIdentity own = new OwnIdentity(signer, new SpiffeId(domain, self), clock);
        Server started = GrpcServers.builder(
                        settings.bind(), Math.max(0, settings.port()), MeshTls.server(own, ClientAuth.OPTIONAL))
                .addService(ServerInterceptors.intercept(sds.secrets(), new StreamEnd(callers, clock, random, timer)))
                .addService(new CertificateService(callers, delegation(domain), signer, metrics::called, clock)
                        .definition())
                .addService(administration(
                        callers,
                        new AuthorityService.Parts(
                                domain,
                                grants.map(store -> new Machines(store, clock, random)),
                                Optional.ofNullable(revocations),
                                kept,
                                clock,
                                settings.maxCertificateLifetime())))
                .build()
                .start();
        server = started;
        long poll = settings.authorityPoll().toMillis();
        polling = timer.scheduleWithFixedDelay(
                () -> kept.look(trust -> changed(kept, secrets)), poll, poll, TimeUnit.MILLISECONDS);
        LOG.infof(
                "signing by %s until %s, CSR API and SDS on port %d",
                kept.backend().describe(), kept.backend().trust().notAfter(), started.getPort());
    }

    private void changed(Keeper kept, SecretSource secrets) {
        try {
            publishRoots(kept);
        } catch (IOException e) {
            LOG.errorf("the roots are not written to %s: %s", settings.rootOut().orElse(""), e.getMessage());
        }
        // Half of the time that a new root has: the others of this mesh are then done before the next step.
        secrets.trustChanged(settings.rotationPropagation().dividedBy(2));
    }

    private void publishRoots(Keeper kept) throws IOException {
        if (settings.rootOut().isPresent()) {
            RootFolder.publish(Path.of(settings.rootOut().get()), rootsPem(kept));
        }
        if (settings.publishRoots() && publication == null) {
            RootPublication publishing = new RootPublication(new RootConfigMaps(kubernetes(), () -> rootsPem(kept)));
            publishing.start();
            publication = publishing;
        }
    }

    private static String rootsPem(Keeper kept) {
        return Certificates.pem(kept.backend().trust().roots());
    }

    private Keeper keeper(TrustDomain domain, Clock clock, SecureRandom random) throws IOException {
        Optional<ExternalBackend.Desk> desk = desk();
        if (desk.isEmpty()) {
            return new AuthorityKeeper(source(domain, clock, random), replica(), clock, random);
        }
        Path roots = Settings.path("root-file", settings.rootFile());
        Backend backend = new ExternalBackend(desk.get(), roots, clock, settings.signingPatience());
        return new ExternalKeeper(
                backend, Authority.selfSigned(domain, clock.instant(), settings.rootLifetime(), random));
    }

    private Optional<ExternalBackend.Desk> desk() {
        if (settings.csrSigner().isPresent()) {
            return Optional.of(new CsrDesk(kubernetes(), settings.csrSigner().get()));
        }
        return settings.certManagerIssuer()
                .map(issuer -> new CertManagerDesk(
                        kubernetes(), settings.namespace(), CertManagerDesk.IssuerName.parse(issuer)));
    }

    private AuthorityKeeper.Source source(TrustDomain domain, Clock clock, SecureRandom random) {
        if (settings.cacerts().isPresent()) {
            return new AuthorityKeeper.Source.Plugged(
                    new PluggedFolder(Path.of(settings.cacerts().get())));
        }
        RootStore.NewRoot wanted = new RootStore.NewRoot(domain, settings.rootLifetime(), settings.caKey());
        Rotation.Waits waits = new Rotation.Waits(
                settings.rotationPropagation(), settings.rotationWaitOut().orElse(settings.maxCertificateLifetime()));
        return new AuthorityKeeper.Source.SelfSigned(new RootRotation(rootStore(), wanted, waits, clock, random));
    }

    private AuthorityKeeper.Replica replica() {
        String name = "citadel " + ProcessHandle.current().pid();
        return new AuthorityKeeper.Replica(
                settings.intermediate(), name, settings.intermediateLifetime(), settings.caKey());
    }

    private RevocationSet revoked() {
        return revocations == null ? RevocationSet.NOTHING : revocations.set();
    }

    private IssueLimits limits(Clock clock) {
        return new IssueLimits(
                new TokenBucket.Rate(settings.identityRate(), settings.identityBurst()),
                new TokenBucket.Rate(settings.rate(), settings.burst()),
                clock.instant());
    }

    private Delegation delegation(TrustDomain domain) {
        return new Delegation(
                DelegationPolicy.parse(settings.delegations().orElse(List.of())),
                domain,
                ServerNames.controlPlane(settings.namespace(), settings.domainSuffix()));
    }

    private ServerServiceDefinition administration(CallerCheck callers, AuthorityService.Parts parts) {
        List<String> named = settings.admins().orElse(List.of(settings.namespace() + "/flotilla-admin"));
        Set<ServiceAccount> admins =
                named.stream().map(each -> Settings.account("admins", each)).collect(Collectors.toUnmodifiableSet());
        return new AuthorityService(callers, admins, parts).definition();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        if (polling != null) {
            polling.cancel(false);
        }
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

    /** Until when this can sign; empty before the start. */
    Optional<Instant> end() {
        return Optional.ofNullable(keeper).map(Keeper::end);
    }

    /** The port that is served, 0 where none is. */
    int port() {
        Server running = server;
        return running == null ? 0 : running.getPort();
    }

    private IssuancePolicy policy(TrustDomain domain, Trust trust) {
        return new IssuancePolicy(
                domain,
                ServerNames.controlPlane(settings.namespace(), settings.domainSuffix()),
                new IssuancePolicy.Lifetimes(settings.certificateLifetime(), settings.maxCertificateLifetime()),
                trust.notAfter(),
                IssuancePolicy.BACKDATE);
    }

    private RootStore rootStore() {
        return settings.caSecret().isPresent()
                ? new RootSecret(
                        kubernetes(), settings.namespace(), settings.caSecret().get())
                : new RootFolder(Settings.path("ca-dir", settings.caDir()));
    }

    private KubernetesApi kubernetes() {
        try {
            return KubernetesApi.of(settings.kubernetesApi(), Path.of(settings.kubernetesCredentials()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
