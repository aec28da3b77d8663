package io.flotilla.pilot.serve;

import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.DiscoveryRefused;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.Stamps;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.View;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Proxy;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.scope.Arrivals;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Gives each Envoy's stream the view of its proxy. */
public final class ProxySource implements DiscoverySource {
    private static final System.Logger LOG = System.getLogger(ProxySource.class.getName());

    private final Views views;
    private final MeshSettings defaults;
    private final Receipts receipts;
    private final Arrivals arrivals;
    private final Rejections rejections = new Rejections();
    private final Map<Long, Views.Member> members = new ConcurrentHashMap<>();
    private final NameTables names = new NameTables();
    private final Set<NamedViews> named = ConcurrentHashMap.newKeySet();

    /** One that serves everybody at once: all of the mesh is here. */
    public ProxySource(Views views, MeshSettings defaults, Receipts receipts) {
        this(views, defaults, receipts, Arrivals.UNSCOPED);
    }

    /**
     * One that serves each proxy once what it needs is here.
     *
     * @param defaults hold until there is a mesh
     */
    public ProxySource(Views views, MeshSettings defaults, Receipts receipts, Arrivals arrivals) {
        this.arrivals = arrivals;
        this.views = views;
        this.defaults = defaults;
        this.receipts = receipts;
    }

    /** Told of what proxies answer. */
    public interface Receipts {
        void accepted(String typeUrl, Generation generation);

        void rejected(String proxy, String typeUrl, String message);
    }

    @Override
    public Session open(StreamInfo stream, Consumer<View> consumer) throws DiscoveryRefused {
        Proxy proxy = switch (Proxy.parse(stream.node())) {
            case Proxy.Parsed.Accepted(Proxy accepted) -> accepted;
            case Proxy.Parsed.Refused(String message) -> throw refused(stream, Status.INVALID_ARGUMENT, message);
        };
        check(stream, proxy);
        if (!arrivals.enter(stream.id(), proxy)) {
            throw refused(
                    stream,
                    Status.UNAVAILABLE,
                    "what " + proxy.id() + " needs of the mesh has not come from Galley yet: try again");
        }
        try {
            // Only now the registry knows the pod.
            check(stream, proxy);
            return join(stream, proxy, consumer);
        } catch (DiscoveryRefused | RuntimeException e) {
            arrivals.leave(stream.id());
            throw e;
        }
    }

    private void check(StreamInfo stream, Proxy proxy) throws DiscoveryRefused {
        Optional<MeshSnapshot> mesh = mesh();
        MeshSettings settings = mesh.map(MeshSnapshot::settings).orElse(defaults);
        Optional<String> reason = PeerCheck.refuse(proxy, stream.peerUris(), settings, mesh);
        if (reason.isPresent()) {
            throw refused(stream, Status.PERMISSION_DENIED, reason.get());
        }
    }

    private Session join(StreamInfo stream, Proxy proxy, Consumer<View> consumer) {
        NamedViews own = new NamedViews(
                consumer, state -> state.map(each -> names.table(each, proxy)).orElse(ResourceSet.EMPTY));
        Views.Member member = views.join(proxy, discoversHosts(stream), own);
        members.put(stream.id(), member);
        return new ProxySession(stream, member, own);
    }

    /** The mesh is another one: who asked for names hears where theirs are now. */
    public void renewNames() {
        Optional<MeshSnapshot> mesh = mesh();
        named.forEach(each -> each.renew(mesh));
    }

    private Optional<MeshSnapshot> mesh() {
        return views.mesh().map(MeshState::snapshot);
    }

    /** Connected sidecars whose pods no service selects. */
    public long unserved() {
        return mesh().map(snapshot -> members.values().stream()
                        .map(Views.Member::proxy)
                        .filter(proxy -> proxy.role() == Proxy.Role.SIDECAR)
                        .filter(proxy -> snapshot.inboundPorts(proxy.pod().namespace(), KnownLabels.of(proxy, snapshot))
                                .isEmpty())
                        .count())
                .orElse(0L);
    }

    /**
     * Hosts are discovered over delta alone, and by Envoy alone: a client that takes its name, but tells nothing of its
     * build, gets whole route configurations.
     */
    private static boolean discoversHosts(StreamInfo stream) {
        return stream.delta()
                && stream.node().getUserAgentName().equals("envoy")
                && stream.node().hasUserAgentBuildVersion();
    }

    private static DiscoveryRefused refused(StreamInfo stream, Status status, String message) {
        LOG.log(Level.WARNING, "refused " + stream.remote() + ": " + message);
        return new DiscoveryRefused(status.withDescription(message));
    }

    /** What proxies refuse at this moment. */
    public Rejections rejections() {
        return rejections;
    }

    /** The member of a stream. */
    public Optional<Views.Member> member(long stream) {
        return Optional.ofNullable(members.get(stream));
    }

    private final class ProxySession implements Session {
        private final long stream;
        private final String owner;
        private final Views.Member member;
        private final NamedViews own;

        private ProxySession(StreamInfo info, Views.Member member, NamedViews own) {
            stream = info.id();
            Proxy.Pod pod = member.proxy().pod();
            owner = info.peerUris().isEmpty()
                    ? pod.namespace() + "/" + pod.serviceAccount()
                    : info.peerUris().getFirst();
            this.member = member;
            this.own = own;
        }

        @Override
        public String owner() {
            return owner;
        }

        @Override
        public void subscribed(String typeUrl, Collection<String> names, Map<String, String> held) {
            long newest = Stamps.newest(held);
            // Nothing to wait for is no reason to wait for a round that goes on.
            if (newest > 0) {
                member.require(newest);
            }
            member.brought(typeUrl, held);
            if (typeUrl.equals(NameTables.TYPE_URL) && named.add(own)) {
                own.ask(mesh());
            }
        }

        @Override
        public void accepted(String typeUrl, String version, Generation generation) {
            rejections.accepted(stream, typeUrl);
            receipts.accepted(typeUrl, generation);
            member.accepted(typeUrl, version);
        }

        @Override
        public boolean prompt() {
            return member.prompt();
        }

        @Override
        public void rejected(String typeUrl, Told response, String message) {
            Proxy.Pod pod = member.proxy().pod();
            String name = pod.name() + "." + pod.namespace();
            Response refused = Response.of(
                    response.names(),
                    member.resources().map(EnvoyResources::routes).orElse(List.of()));
            List<ObjectKey> causes = views.mesh()
                    .map(state -> Causes.of(state.snapshot(), member.proxy(), message, refused))
                    .orElse(List.of());
            rejections.rejected(stream, typeUrl, causes);
            LOG.log(
                    Level.WARNING,
                    name + " refused " + typeUrl.substring(typeUrl.lastIndexOf('.') + 1) + " " + response.version()
                            + ": "
                            + message.replaceAll("\\R", " ")
                            + (causes.isEmpty()
                                    ? ""
                                    : "; it came from "
                                            + causes.stream().map(Causes::text).collect(Collectors.joining(", "))));
            receipts.rejected(name, typeUrl, message);
            member.rejected(typeUrl, response, message);
        }

        @Override
        public void close() {
            members.remove(stream);
            named.remove(own);
            rejections.closed(stream);
            member.close();
            arrivals.leave(stream);
        }
    }
}
