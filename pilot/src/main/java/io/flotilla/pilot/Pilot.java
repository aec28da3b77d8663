package io.flotilla.pilot;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Groups;
import io.flotilla.discovery.client.ClientSettings;
import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.discovery.client.SavedState;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.envoy.Tuning;
import io.flotilla.identity.TrustDomain;
import io.flotilla.pilot.debug.DebugPages;
import io.flotilla.pilot.debug.DebugStreams;
import io.flotilla.pilot.feed.MeshFeed;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.push.Rounds;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.report.Progress;
import io.flotilla.pilot.report.Reporter;
import io.flotilla.pilot.scope.Holding;
import io.flotilla.pilot.serve.LeftPods;
import io.flotilla.pilot.serve.ProvenPeers;
import io.flotilla.pilot.serve.ProxySource;
import io.flotilla.pilot.serve.RegisteredPods;
import io.flotilla.pilot.serve.Replicas;
import io.flotilla.pilot.status.PilotMetrics;
import io.flotilla.service.GalleyChannel;
import io.flotilla.service.IdentitySettings;
import io.flotilla.service.RevokedPeers;
import io.flotilla.service.ServiceIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Wires Pilot together and takes it down again: Galley's stream, the views, the ports. */
@ApplicationScoped
public class Pilot {
    private static final System.Logger LOG = System.getLogger(Pilot.class.getName());

    /** A proxy waits so long for its part of the mesh, in the place of one whose first push is made. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int AGING_SECONDS = 60;

    private final PilotConfig config;
    private final Ports ports = new Ports();
    private final Views views;
    private final Rounds rounds;
    private final XdsServer server;
    private final ProxySource source;
    private final DebugPages pages = new DebugPages(new Shown());
    private final MeshFeed feed;
    private final Holding holding;
    private final LeftPods left = new LeftPods();
    private final ScheduledThreadPoolExecutor aging = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("scope").factory());
    private final RevokedPeers revoked = new RevokedPeers(InstantSource.system());
    private final PilotMetrics metrics;
    private final Progress progress = new Progress("pilot-" + UUID.randomUUID());
    private @Nullable ServiceIdentity identity;
    // Asked by the threads of streams.
    private volatile @Nullable DiscoveryClient galley;
    private @Nullable Reporter reporter;
    private @Nullable Situation situation;
    private @Nullable DistributionReport reported;
    private @Nullable Rebalancing rebalancing;

    Pilot(PilotConfig config, MeterRegistry registry) {
        this.config = config;
        metrics = new PilotMetrics(registry);
        MeshSettings settings = settings(config);
        views = new Views(new Tuning(config.serverFirstDelay()), config.peerMemory(), InstantSource.system(), metrics);
        holding = new Holding(
                new Holding.Links(this::ask, this::connected, this::inForce, views::mesh),
                Groups.of(Set.of(namespace(pilotService(config)))),
                new Holding.Terms(PATIENCE, config.scopeMemory()),
                InstantSource.system());
        source = new ProxySource(views, settings, metrics, holding);
        rounds = new Rounds(
                views,
                () -> {
                    source.renewNames();
                    holding.advanced();
                },
                ports.connections()::afterSending);
        server = new XdsServer(
                new ProvenPeers(
                        new DebugStreams(source, pages, config.namespace()),
                        TokenIssuers.believed(
                                config,
                                new RegisteredPods(() -> views.mesh().map(MeshState::snapshot), holding::knows, left)),
                        new TrustDomain(config.trustDomain())),
                DeliveryOrder.ENVOY,
                identifier());
        feed = new MeshFeed(settings, config.stateDir().map(SavedState::new).orElse(null), this::arrived, left::left);
        metrics.watch(() -> proxies().size(), views);
        metrics.watch(source);
        metrics.watch(server);
        metrics.failures(() -> rounds.failed() + views.failed() + server.failed());
    }

    // What was taken back is so whether or not the rest of a state waits for something.
    private boolean arrived(MeshState state) {
        revoked.are(state.snapshot().revocations().stream().map(Config::spec).toList());
        return holding.offer(state);
    }

    private void inForce(MeshState state) {
        metrics.arrived(state);
        rounds.submit(state);
    }

    private void ask(Groups namespaces) {
        DiscoveryClient client = galley;
        if (client != null) {
            client.want(namespaces);
        }
    }

    private boolean connected() {
        DiscoveryClient client = galley;
        return client != null && client.status().connected();
    }

    private static String pilotService(PilotConfig config) {
        return config.pilotService().orElse("istio-pilot." + config.namespace());
    }

    private static String namespace(String service) {
        return service.substring(service.indexOf('.') + 1);
    }

    void start(@Observes StartupEvent event) throws IOException {
        identity = identity(config);
        rounds.start();
        DiscoveryClient client = new DiscoveryClient(
                ClientSettings.of(
                        Node.newBuilder()
                                .setId("pilot")
                                .setCluster(config.namespace())
                                .build(),
                        new HashSet<>(Collections.proxyTypeUrls())),
                () -> GalleyChannel.open(config.config(), config.namespace(), identity),
                feed);
        client.want(holding.asked());
        galley = client.start();
        ScheduledFuture<?> unused =
                aging.scheduleWithFixedDelay(holding::age, AGING_SECONDS, AGING_SECONDS, TimeUnit.SECONDS);
        reporter = new Reporter(() -> GalleyChannel.open(config.config(), config.namespace(), identity), this::report);
        reporter.start();
        ports.open(config, server, identity, revoked);
        String service = pilotService(config);
        rebalancing = new Rebalancing(
                        ports.connections(),
                        server,
                        () -> Replicas.count(views.mesh().map(MeshState::snapshot), service),
                        config.handoverShare())
                .start();
        LOG.log(
                Level.INFO,
                "serving Envoys: plaintext port {0,number,#}, TLS port {1,number,#}",
                ports.plaintext(),
                ports.tls());
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        if (rebalancing != null) {
            rebalancing.drain(config.drain().toMillis());
            rebalancing.close();
        }
        if (galley != null) {
            galley.close();
        }
        if (reporter != null) {
            reporter.close();
        }
        aging.shutdownNow();
        server.close();
        ports.close();
        rounds.close();
        feed.close();
        if (identity != null) {
            identity.close();
        }
    }

    /** There is a mesh to serve. */
    public boolean serving() {
        return views.mesh().isPresent();
    }

    /** Why Galley is not there; empty while it is. */
    public String galleyProblem() {
        DiscoveryClient client = galley;
        if (client == null) {
            return "not started";
        }
        return client.status().connected() ? "" : "away: " + client.status().lastError();
    }

    /** Why there is no certificate; empty where there is one, or none is wanted. */
    public String identityProblem() {
        ServiceIdentity own = identity;
        return own == null ? "" : own.problem();
    }

    /** The open streams of proxies, oldest first: without those of people who look. */
    public List<StreamStatus> proxies() {
        return server.streams().stream()
                .filter(stream -> source.member(stream.info().id()).isPresent())
                .toList();
    }

    /** What is shown of all this. */
    public DebugPages pages() {
        return pages;
    }

    private final class Shown implements DebugPages.Subjects {
        @Override
        public List<StreamStatus> proxies() {
            return Pilot.this.proxies();
        }

        @Override
        public ProxySource source() {
            return source;
        }

        @Override
        public Views views() {
            return views;
        }
    }

    // Tools read it as JSON and show the name: of the pod, by its host's name. It is in each response, so it is short.
    private static String identifier() {
        String host = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("");
        return "{\"ID\":\"" + (host.matches("[A-Za-z0-9.-]{1,63}") ? host : "pilot") + "\"}";
    }

    public XdsServer server() {
        return server;
    }

    public Views views() {
        return views;
    }

    public ProxySource source() {
        return source;
    }

    /** Where it listens in plaintext; 0 where it does not. */
    public int plaintextPort() {
        return ports.plaintext();
    }

    // The generation first: whoever is settled after that has answered at least that.
    // On the reporter's thread alone. Where nothing has happened since the last report, it says the same.
    private DistributionReport report() {
        Generation generation = views.mesh().map(MeshState::generation).orElse(Generation.NONE);
        Situation now = new Situation(server.activity(), generation, views.leftOut());
        DistributionReport last = reported;
        if (last == null || !now.equals(situation)) {
            last = progress.report(generation, proxies(), source.rejections()::causes, now.leftOut());
            reported = last;
            situation = now;
        }
        return last;
    }

    private record Situation(long activity, Generation generation, Map<ObjectKey, String> leftOut) {}

    private static @Nullable ServiceIdentity identity(PilotConfig config) {
        return config.identity()
                .citadel()
                .filter(address -> !address.isBlank())
                .map(address -> ServiceIdentity.start(new IdentitySettings(
                        address,
                        config.identity().citadelName(),
                        config.identity().tokenFile().orElse(Path.of("/var/run/secrets/tokens/istio-token")),
                        config.identity().rootFile().orElse(Path.of("/var/run/secrets/istio/root-cert.pem")),
                        config.identity().dnsNames().orElse(List.of()),
                        Duration.ZERO)))
                .orElse(null);
    }

    private static MeshSettings settings(PilotConfig config) {
        MeshSettings base = MeshSettings.defaults();
        boolean classic = config.compatibility().filter("1.1"::equals).isPresent();
        return new MeshSettings(
                base.domainSuffix(),
                config.trustDomain(),
                base.trustDomainAliases(),
                config.namespace(),
                classic,
                !classic,
                classic ? io.flotilla.config.snapshot.MtlsMode.DISABLE : base.defaultMtls(),
                base.registryOnly(),
                base.connectTimeout(),
                base.tracingSampling(),
                base.accessLogService(),
                base.zipkin());
    }
}
