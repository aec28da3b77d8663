package io.flotilla.citadel;

import io.flotilla.citadel.admin.AuthorityService;
import io.flotilla.citadel.audit.Acts;
import io.flotilla.citadel.audit.AuditTrail;
import io.flotilla.citadel.bootstrap.GrantFolder;
import io.flotilla.citadel.bootstrap.GrantStore;
import io.flotilla.citadel.bootstrap.Machines;
import io.flotilla.citadel.call.CertificateService;
import io.flotilla.citadel.call.Delegation;
import io.flotilla.citadel.crypto.LiveCrypto;
import io.flotilla.citadel.kubernetes.AccountSecrets;
import io.flotilla.citadel.kubernetes.AllowedSecrets;
import io.flotilla.citadel.kubernetes.RevocationSweep;
import io.flotilla.citadel.kubernetes.RootConfigMaps;
import io.flotilla.citadel.revoke.DistributedRevocations;
import io.flotilla.citadel.revoke.RevocationBook;
import io.flotilla.citadel.revoke.RevocationLists;
import io.flotilla.citadel.revoke.RevocationLog;
import io.flotilla.citadel.root.RootFolder;
import io.flotilla.citadel.secret.SecretSource;
import io.flotilla.citadel.secret.StreamEnd;
import io.flotilla.citadel.secret.WorkloadCredentials;
import io.flotilla.citadel.sign.AuditLog;
import io.flotilla.citadel.sign.Gate;
import io.flotilla.citadel.sign.Journal;
import io.flotilla.citadel.sign.OwnIdentity;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.SerialSource;
import io.flotilla.identity.authority.Trust;
import io.flotilla.identity.issue.DelegationPolicy;
import io.flotilla.identity.issue.IssuancePolicy;
import io.flotilla.identity.issue.ServerNames;
import io.flotilla.identity.limit.IssueLimits;
import io.flotilla.identity.limit.TokenBucket;
import io.flotilla.identity.revocation.RevocationSet;
import io.flotilla.identity.sds.VersionSeal;
import io.flotilla.service.GrpcServers;
import io.flotilla.service.MeshTls;
import io.flotilla.service.caller.CallerCheck;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.netty.handler.ssl.ClientAuth;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts Citadel: the root, its own certificate, the port with the CSR API and SDS. */
@ApplicationScoped
class CitadelServer {
    private static final Logger LOG = Logger.getLogger("citadel");
    private static final int GRACE_SECONDS = 2;

    private final CitadelSettings settings;
    private final CitadelMetrics metrics;
    private final Keepers keepers;
    private final TrustDomain domain;
    private final Clock clock = Clock.systemUTC();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("renewals").factory());
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Optional<String> kafka;
    private @Nullable AuditTrail audit;
    private @Nullable Keeper keeper;
    private @Nullable Server server;
    private @Nullable XdsServer discovery;
    private final List<Publication> publications = new CopyOnWriteArrayList<>();
    private @Nullable Future<?> polling;
    private @Nullable RevocationBook revocations;
    private @Nullable RevocationLists lists;
    private @Nullable GalleyLink galley;
    private @Nullable Federation federation;
    private final Vertx vertx;
    private volatile Runnable revoking = () -> {};

    CitadelServer(
            CitadelSettings settings,
            CitadelMetrics metrics,
            Vertx vertx,
            @ConfigProperty(name = "kafka.bootstrap.servers") Optional<String> kafka) {
        this.kafka = kafka.filter(servers -> !servers.isBlank());
        this.settings = settings;
        this.metrics = metrics;
        this.vertx = vertx;
        this.keepers = new Keepers(settings);
        this.domain = new TrustDomain(settings.trustDomain());
        // A stream that is over must not be kept until its renewal would have been due.
        timer.setRemoveOnCancelPolicy(true);
    }

    void start(@Observes StartupEvent event) throws IOException {
        LOG.infof("signatures by %s", LiveCrypto.install(settings.nativeCrypto()));
        SecureRandom random = new SecureRandom();
        Keeper kept = keepers.keeper(domain, clock, random);
        keeper = kept;
        publishRoots(kept);
        openRevocations();
        audit = kafka.map(servers -> AuditTrail.start(outbox(), settings.outboxBytes(), servers, clock))
                .orElse(null);
        Signer signer = signer(kept, random);
        publishInCluster(kept, signer);
        Federation others = Federation.open(settings, vertx, clock, this::told);
        federation = others;
        RevocationLists made = new RevocationLists(this::revoked, () -> issuers(kept, others), clock, random);
        lists = made;
        SecretSource secrets = new SecretSource(
                callers(),
                new SecretSource.Parts(
                        signer,
                        VersionSeal.of(kept.shared()),
                        made::pem,
                        others::trust,
                        settings.workloadCredentials()
                                ? new AllowedSecrets(keepers.kubernetes())
                                : WorkloadCredentials.NONE,
                        new SecretSource.Sources(clock, random, timer)));
        metrics.register(kept.backend(), secrets, others.roots(), made);
        OwnIdentity own = new OwnIdentity(
                signer,
                new SpiffeId(domain, new ServiceAccount(settings.namespace(), "istio-citadel-service-account")),
                clock);
        serve(own, secrets, new Serving(signer, kept, made, random));
        watch(kept, secrets, made);
        others.start(own, kept);
        galley = GalleyLink.start(settings, own, revocations, others.roots());
        LOG.infof(
                "signing by %s until %s, CSR API and SDS on port %d",
                kept.backend().describe(), kept.backend().trust().notAfter(), port());
    }

    /** What the services of the port work with. */
    private record Serving(Signer signer, Keeper kept, RevocationLists lists, SecureRandom random) {}

    private void openRevocations() throws IOException {
        if (settings.caDir().isEmpty()) {
            return;
        }
        Path folder = Path.of(settings.caDir().get());
        RevocationLog log = RevocationLog.open(folder.resolve("revocations"));
        revocations = settings.config().isPresent()
                ? new DistributedRevocations(log, folder.resolve("revocations-distributed"), this::told)
                : log;
    }

    private Signer signer(Keeper kept, SecureRandom random) {
        return new Signer(
                kept.backend(),
                policy(domain, kept.backend().trust()),
                settings.workloadKey(),
                new Signer.Sources(clock, random, SerialSource.random(random)),
                new Signer.Watch(new Gate(this::revoked, limits(clock)), journal()));
    }

    private Journal journal() {
        Journal journal = new AuditLog().and(metrics::outcome);
        return audit == null ? journal : journal.and(audit);
    }

    private Path outbox() {
        return settings.outboxDir()
                .map(Path::of)
                .or(() -> settings.caDir().map(folder -> Path.of(folder, "outbox")))
                .orElseThrow(() -> new IllegalStateException(
                        "kafka.bootstrap.servers is set but there is no folder for what waits for Kafka: set"
                                + " flotilla.outbox-dir (FLOTILLA_OUTBOX_DIR)"));
    }

    private CallerCheck callers() {
        return new Callers(settings, keepers::kubernetes, clock)
                .check(grants(), (certificate, id) -> revoked().covers(certificate, id, clock.instant()));
    }

    private Optional<GrantStore> grants() {
        return settings.caDir().map(folder -> new GrantFolder(Path.of(folder).resolve("bootstrap")));
    }

    private void serve(OwnIdentity own, SecretSource secrets, Serving with) throws IOException {
        CallerCheck callers = callers();
        XdsServer sds = new XdsServer(secrets, DeliveryOrder.NONE, "citadel");
        discovery = sds;
        server = GrpcServers.builder(
                        settings.bind(), Math.max(0, settings.port()), MeshTls.server(own, ClientAuth.OPTIONAL))
                // A storm of callers takes its turn on as many carriers as there are processors, and one who waits for
                // somebody else's signature keeps nobody waiting.
                .executor(calls)
                .addService(ServerInterceptors.intercept(
                        sds.secrets(), new StreamEnd(callers, clock, with.random(), timer)))
                .addService(new CertificateService(callers, delegation(domain), with.signer(), metrics::called, clock)
                        .definition())
                .addService(administration(
                        callers,
                        new AuthorityService.Parts(
                                domain,
                                grants().map(store -> new Machines(store, clock, with.random())),
                                Optional.ofNullable(revocations),
                                with.lists()::problem,
                                with.kept(),
                                audit == null ? Acts.NONE : audit,
                                clock,
                                settings.maxCertificateLifetime())))
                .build()
                .start();
    }

    private void watch(Keeper kept, SecretSource secrets, RevocationLists made) {
        Runnable tell = () -> {
            made.renew();
            // Half of the time that a new root has: the others of this mesh are then done before the next step.
            secrets.trustChanged(settings.rotationPropagation().dividedBy(2));
        };
        revoking = tell;
        long poll = settings.authorityPoll().toMillis();
        polling = timer.scheduleWithFixedDelay(
                () -> kept.look(trust -> changed(kept, tell)), poll, poll, TimeUnit.MILLISECONDS);
    }

    /** What is revoked, or which other meshes are believed, has changed. */
    private void told() {
        revoking.run();
    }

    /** Leaves of roots that MeshConfig gives for this mesh may be met too, and their lists cannot be made here. */
    private static RevocationLists.Issuers issuers(Keeper kept, Federation others) {
        RevocationLists.Issuers own = kept.issuers();
        return new RevocationLists.Issuers(
                Stream.concat(own.certificates().stream(), others.trust().own().stream())
                        .distinct()
                        .toList(),
                own.keys());
    }

    private void changed(Keeper kept, Runnable tell) {
        try {
            publishRoots(kept);
        } catch (IOException e) {
            LOG.errorf("the roots are not written to %s: %s", settings.rootOut().orElse(""), e.getMessage());
        }
        tell.run();
    }

    private void publishRoots(Keeper kept) throws IOException {
        if (settings.rootOut().isPresent()) {
            RootFolder.publish(Path.of(settings.rootOut().get()), rootsPem(kept));
        }
        publications.forEach(Publication::soon);
    }

    private void publishInCluster(Keeper kept, Signer signer) {
        if (settings.publishRoots()) {
            RootConfigMaps maps = new RootConfigMaps(keepers.kubernetes(), () -> rootsPem(kept));
            publications.add(Publication.start("root certificate", maps::publish));
        }
        if (settings.revocationSweep()) {
            RevocationSweep sweep = new RevocationSweep(keepers.kubernetes(), clock);
            publications.add(Publication.seldom("end of revocations", sweep::sweep));
        }
        settings.accountSecrets().ifPresent(namespaces -> {
            AccountSecrets secrets =
                    new AccountSecrets(keepers.kubernetes(), namespaces, signer, clock, metrics::delivered);
            publications.add(Publication.start("secrets of service accounts", secrets::publish));
        });
    }

    private static String rootsPem(Keeper kept) {
        return Certificates.pem(kept.backend().trust().roots());
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
        if (galley != null) {
            galley.close();
        }
        publications.forEach(Publication::close);
        if (federation != null) {
            federation.close();
        }
        if (discovery != null) {
            discovery.close();
        }
        Server running = server;
        if (running != null && !running.shutdown().awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
            running.shutdownNow();
        }
        calls.shutdown();
        if (audit != null) {
            audit.close();
        }
    }

    /** Until when this can sign; empty before the start. */
    Optional<Instant> end() {
        return Optional.ofNullable(keeper).map(Keeper::end);
    }

    /** The port of the bundle endpoint, 0 where none is. */
    int bundlePort() {
        return federation == null ? 0 : federation.port();
    }

    /** What is not published in the cluster, and why. */
    List<String> unpublished() {
        return publications.stream().flatMap(each -> each.problems().stream()).toList();
    }

    /** Why no revocation list is sent though a serial number is revoked; empty where that is not so. */
    String noRevocationLists() {
        RevocationLists made = lists;
        return made == null ? "" : made.problem();
    }

    /** Trust domains of other meshes whose bundle is too old or was never fetched, with why. */
    Map<String, String> bundleAlarms() {
        return federation == null ? Map.of() : federation.roots().alarms();
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
}
