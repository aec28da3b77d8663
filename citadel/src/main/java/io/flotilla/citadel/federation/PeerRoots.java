package io.flotilla.citadel.federation;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.client.Update;
import io.flotilla.discovery.client.UpdateListener;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.federation.PeerTrust;
import io.flotilla.identity.federation.SpiffeBundle;
import io.flotilla.identity.federation.TrustPlan;
import io.flotilla.service.fetch.GuardedFetch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Whom members believe beside our own roots: what MeshConfig gives, and the bundles that it says where to fetch. What
 * was fetched last is believed until something else is fetched; nothing that fails takes it away.
 */
public final class PeerRoots implements UpdateListener {
    /** The collection of Galley's. */
    public static final String TYPE = "core/v1alpha1/MeshConfig";

    private static final Logger LOG = Logger.getLogger("citadel");

    private final Mesh mesh;
    private final Fetch fetch;
    private final BundleStore store;
    private final Clock clock;
    private final Runnable changed;
    private volatile State state;

    /**
     * Whose roots these are beside.
     *
     * @param domain whose certificates are issued here
     * @param signer of the Kubernetes CSR API that signs here; empty for any other way
     * @param stale  from what age on a bundle is told about again and again
     */
    public record Mesh(TrustDomain domain, Optional<String> signer, Duration stale) {}

    /** Gets the document of a trust domain. */
    @FunctionalInterface
    public interface Fetch {
        /** The roots are those that are believed for the domain now: an endpoint may prove itself by them. */
        GuardedFetch.Outcome get(String domain, URI endpoint, List<X509Certificate> roots);
    }

    private record State(MeshConfig said, TrustPlan plan, Map<String, Bundle> bundles, PeerTrust trust) {
        static State of(MeshConfig said, TrustPlan plan, Map<String, Bundle> bundles) {
            Map<String, SpiffeBundle> fetched = bundles.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, each -> each.getValue().bundle()));
            return new State(said, plan, Map.copyOf(bundles), plan.with(fetched));
        }
    }

    /** What an earlier run knew, until Galley says otherwise. */
    PeerRoots(Mesh mesh, Fetch fetch, BundleStore store, Clock clock, Runnable changed) throws IOException {
        this.mesh = mesh;
        this.fetch = fetch;
        this.store = store;
        this.clock = clock;
        this.changed = changed;
        this.state = adopted(store.mesh(), Map.of());
    }

    /**
     * As kept in a folder; without one nothing is kept.
     *
     * @param changed is told whenever somebody else is believed
     */
    public static PeerRoots open(Mesh mesh, Fetch fetch, Optional<Path> folder, Clock clock, Runnable changed)
            throws IOException {
        return new PeerRoots(mesh, fetch, new BundleStore(folder), clock, changed);
    }

    /** Whom members believe now. */
    public PeerTrust trust() {
        return state.trust();
    }

    @Override
    public void apply(Update update) {
        MeshConfig said = ofTrust(meshConfig(update));
        if (said.equals(state.said())) {
            return;
        }
        adopt(said);
        changed.run();
    }

    private synchronized void adopt(MeshConfig said) {
        try {
            state = adopted(said, state.bundles());
            store.keep(said);
        } catch (IOException e) {
            LOG.errorf("what MeshConfig says of other meshes is not kept for the next start: %s", e);
        }
        state.plan().problems().forEach(problem -> LOG.errorf("MeshConfig: %s; it is passed over", problem));
        LOG.infof(
                "other meshes whose members are believed: %s",
                state.trust().others().keySet());
    }

    @Override
    public void connection(boolean up, String reason) {
        LOG.info(up ? "connected to Galley" : "lost Galley: " + reason);
    }

    private static MeshConfig meshConfig(Update update) {
        return update.view().types().getOrDefault(TYPE, ResourceSet.EMPTY).byName().values().stream()
                .findFirst()
                .map(resource -> {
                    try {
                        return Resource.parseFrom(Any.parseFrom(resource.any()).getValue())
                                .getBody()
                                .unpack(MeshConfig.class);
                    } catch (InvalidProtocolBufferException e) {
                        throw new IllegalArgumentException("MeshConfig cannot be read: " + e.getMessage(), e);
                    }
                })
                .orElse(MeshConfig.getDefaultInstance());
    }

    /** The parts that matter here. */
    private static MeshConfig ofTrust(MeshConfig mesh) {
        return MeshConfig.newBuilder()
                .addAllTrustDomainAliases(mesh.getTrustDomainAliasesList())
                .addAllCaCertificates(mesh.getCaCertificatesList())
                .setDefaultConfig(ProxyConfig.newBuilder()
                        .addAllCaCertificatesPem(mesh.getDefaultConfig().getCaCertificatesPemList()))
                .build();
    }

    private State adopted(MeshConfig said, Map<String, Bundle> before) throws IOException {
        TrustPlan plan = TrustPlan.of(said, mesh.domain(), mesh.signer());
        Map<String, Bundle> bundles = new TreeMap<>();
        for (String domain : plan.endpoints().keySet()) {
            Bundle known = before.get(domain);
            // Another address may tell something else: look soon.
            bundles.put(domain, known == null ? fromStore(domain) : Bundle.kept(known.bundle(), known.fetched()));
        }
        return State.of(said, plan, bundles);
    }

    private Bundle fromStore(String domain) throws IOException {
        Optional<BundleStore.Kept> kept = store.bundle(domain);
        return kept.isPresent() && SpiffeBundle.parse(kept.get().json()) instanceof SpiffeBundle.Outcome.Read read
                ? Bundle.kept(read.bundle(), kept.get().fetched())
                : Bundle.unknown();
    }

    /** Fetches what is due. For one caller at a time, who may wait. */
    public void look() {
        PeerTrust before = state.trust();
        state.bundles().forEach((domain, bundle) -> {
            if (!clock.instant().isBefore(bundle.due())) {
                adopt(domain, fetched(domain, bundle));
            }
        });
        if (!state.trust().equals(before)) {
            changed.run();
        }
    }

    private synchronized void adopt(String domain, Bundle fresh) {
        State now = state;
        if (now.plan().endpoints().containsKey(domain)) {
            Map<String, Bundle> bundles = new TreeMap<>(now.bundles());
            bundles.put(domain, fresh);
            state = State.of(now.said(), now.plan(), bundles);
        }
    }

    private Bundle fetched(String domain, Bundle before) {
        URI endpoint = state.plan().endpoints().get(domain);
        if (endpoint == null) {
            return before;
        }
        List<X509Certificate> roots = state.trust().others().getOrDefault(domain, List.of());
        return switch (fetch.get(domain, endpoint, roots)) {
            case GuardedFetch.Outcome.Failed failed -> failed(domain, before, failed.message());
            case GuardedFetch.Outcome.Fetched document ->
                switch (SpiffeBundle.parse(document.body())) {
                    case SpiffeBundle.Outcome.Bad bad -> failed(domain, before, endpoint + " " + bad.message());
                    case SpiffeBundle.Outcome.Read read -> read(domain, before, read.bundle());
                };
        };
    }

    private Bundle read(String domain, Bundle before, SpiffeBundle fresh) {
        if (!before.known() || !before.bundle().authorities().equals(fresh.authorities())) {
            LOG.infof(
                    "%d roots of trust domain %s are believed",
                    fresh.authorities().size(), domain);
        }
        try {
            store.keep(domain, fresh.json());
        } catch (IOException e) {
            LOG.errorf("the bundle of trust domain %s is not kept for the next start: %s", domain, e);
        }
        return before.after(fresh, clock.instant());
    }

    private Bundle failed(String domain, Bundle before, String why) {
        Instant now = clock.instant();
        if (!why.equals(before.problem()) || before.age(now).compareTo(mesh.stale()) > 0) {
            LOG.errorf(
                    "the bundle of trust domain %s is not fetched: %s; %s",
                    domain,
                    why,
                    before.known()
                            ? "what was fetched at " + before.fetched() + " is believed"
                            : "nobody of it is believed but by roots that MeshConfig gives");
        }
        return before.afterFailure(why, now);
    }

    /** Trust domain to why its bundle is too old or was never fetched; empty where all is well. */
    public Map<String, String> alarms() {
        Instant now = clock.instant();
        Map<String, String> alarms = new TreeMap<>();
        state.bundles().forEach((domain, bundle) -> {
            if (!bundle.problem().isEmpty()
                    && (!bundle.known() || bundle.age(now).compareTo(mesh.stale()) > 0)) {
                alarms.put(domain, bundle.problem());
            }
        });
        return alarms;
    }

    /** Age of the oldest bundle that is believed, seconds. */
    public long oldestSeconds() {
        Instant now = clock.instant();
        return state.bundles().values().stream()
                .mapToLong(bundle -> bundle.age(now).toSeconds())
                .max()
                .orElse(0);
    }
}
