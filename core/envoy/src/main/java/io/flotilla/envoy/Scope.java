package io.flotilla.envoy;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.OutboundTrafficPolicy;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Egress;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.Imports;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.patch.Quarantine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one translation works on.
 *
 * @param snapshot the mesh
 * @param view     for whom
 * @param reach    what of the mesh it is told of
 * @param peers    whom clients expect behind a service
 * @param caches   what was built before
 * @param tuning   settings
 * @param quarantine patches that are left out, since Envoy refused them
 */
public record Scope(
        MeshSnapshot snapshot,
        ProxyView view,
        Reach reach,
        PeerIdentities peers,
        Caches caches,
        Tuning tuning,
        Quarantine quarantine) {
    /** For a view, with all that it imports and nothing in quarantine. */
    public Scope(MeshSnapshot snapshot, ProxyView view, PeerIdentities peers, Caches caches, Tuning tuning) {
        this(snapshot, view, Reach.of(snapshot, view), peers, caches, tuning, Quarantine.EMPTY);
    }

    /** The same without what is in quarantine. */
    public Scope without(Quarantine others) {
        return new Scope(snapshot, view, reach, peers, caches, tuning, others);
    }

    /**
     * Where built things are remembered.
     *
     * @param lasting for all snapshots: its keys hold all inputs
     * @param round   for this very snapshot and these peers: its keys say what of the view matters
     * @param steps   what the snapshot before became
     */
    public record Caches(ResourceCache lasting, ResourceCache round, Steps steps) {
        /** Knows nothing of the snapshot before. */
        public Caches(ResourceCache lasting, ResourceCache round) {
            this(lasting, round, Steps.none());
        }

        /** Remembers nothing. */
        public static Caches none() {
            return new Caches(ResourceCache.none(), ResourceCache.none());
        }
    }

    /**
     * What a proxy is told of.
     *
     * @param imports         all of it
     * @param services        what is looked at: all, or those of one listener
     * @param virtualServices of the same
     */
    public record Reach(Imports imports, List<MeshService> services, List<Config<VirtualService>> virtualServices) {
        static Reach of(MeshSnapshot snapshot, ProxyView view) {
            // Edges serve whoever comes, so no Sidecar says what they need.
            return of(snapshot.imports(view.namespace(), view.labels(), !view.router()));
        }

        static Reach of(Imports imports) {
            return new Reach(imports, imports.services(), imports.virtualServices());
        }
    }

    public MeshSettings settings() {
        return snapshot.settings();
    }

    /** What MeshConfig says of waiting for a client's first bytes holds before what the process was started with. */
    @Override
    public Tuning tuning() {
        MeshConfig mesh = snapshot.meshConfig();
        return mesh.hasProtocolDetectionTimeout()
                ? new Tuning(Duration.ofSeconds(
                        mesh.getProtocolDetectionTimeout().getSeconds(),
                        mesh.getProtocolDetectionTimeout().getNanos()))
                : tuning;
    }

    public ResourceCache cache() {
        return caches.lasting();
    }

    /** The services that the proxy sees. */
    public List<MeshService> services() {
        return reach.services();
    }

    /** The VirtualServices that the proxy sees, oldest first. */
    public List<Config<VirtualService>> virtualServices() {
        return reach.virtualServices();
    }

    /** The service of that exact hostname, through whichever listener. */
    public Optional<MeshService> service(String hostname) {
        return reach.imports().service(hostname);
    }

    /** The rule for a service as this proxy meets it. */
    public Optional<Config<DestinationRule>> destinationRule(MeshService service) {
        return snapshot.destinationRule(service, view.namespace(), view.labels());
    }

    /** Where captured connections arrive. */
    public CapturePorts capturePorts() {
        return CapturePorts.of(snapshot.meshConfig());
    }

    /** The listeners of the outbound side. */
    public List<Egress> egress() {
        return reach.imports().egress();
    }

    /** The Sidecar in force. */
    public Optional<Config<Sidecar>> sidecar() {
        return reach.imports().sidecar();
    }

    /** The cluster for what the mesh does not know: what passes, what ends, or the Sidecar's egress proxy. */
    public String unknown() {
        Optional<Config<Sidecar>> own =
                sidecar().filter(sidecar -> sidecar.spec().hasOutboundTrafficPolicy());
        if (own.isEmpty()) {
            return settings().registryOnly() ? Names.BLACK_HOLE : Names.PASSTHROUGH;
        }
        OutboundTrafficPolicy policy = own.get().spec().getOutboundTrafficPolicy();
        if (policy.getMode() == OutboundTrafficPolicy.Mode.REGISTRY_ONLY) {
            return Names.BLACK_HOLE;
        }
        if (!policy.hasEgressProxy()) {
            return Names.PASSTHROUGH;
        }
        String host = Hostnames.resolve(
                policy.getEgressProxy().getHost(),
                own.get().namespace(),
                settings().domainSuffix());
        return Names.outbound(
                policy.getEgressProxy().getPort().getNumber(),
                policy.getEgressProxy().getSubset(),
                host);
    }

    /** Whether hosts of requests that the mesh does not know are looked up; a Sidecar's own policy holds before that. */
    public boolean looksUpUnknown() {
        return snapshot.meshConfig().getOutboundTrafficPolicy().getMode()
                        == MeshConfig.OutboundTrafficPolicy.Mode.ALLOW_ANY_DYNAMIC_DNS
                && !view.router()
                && sidecar()
                        .filter(sidecar -> sidecar.spec().hasOutboundTrafficPolicy())
                        .isEmpty();
    }

    /** The cluster for requests to hosts that the mesh does not know. */
    public String unknownHost() {
        return looksUpUnknown() ? Names.ASKED_FOR : unknown();
    }

    /** The same work for a view that is reduced to what matters. */
    Scope with(ProxyView other) {
        return new Scope(snapshot, other, reach, peers, caches, tuning, quarantine);
    }

    /** The same work, for what one listener reaches. */
    public Scope through(Egress egress) {
        return new Scope(
                snapshot,
                view,
                new Reach(reach.imports(), egress.services(), egress.virtualServices()),
                peers,
                caches,
                tuning,
                quarantine);
    }
}
