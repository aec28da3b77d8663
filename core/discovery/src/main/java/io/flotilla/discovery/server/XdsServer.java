package io.flotilla.discovery.server;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.flotilla.api.mcp.v1alpha1.AggregatedMeshConfigServiceGrpc;
import io.flotilla.api.mcp.v1alpha1.ResourceSourceGrpc;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.wire.FrameEncoder;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Serves a {@link DiscoverySource} over gRPC: bind {@link #aggregated} or {@link #secrets} to a server. What it keeps
 * per stream does not grow with the number of resources; what it sends are the resources' own bytes.
 */
public final class XdsServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(XdsServer.class.getName());

    /**
     * The node's client_features entry by which a client asks for a response of each of its types for each
     * generation, with nothing in it where nothing changed. Envoy does not ask for it.
     */
    public static final String MARKERS = "flotilla.generation.markers";

    /**
     * The node's client_features entry by which a client that asks for {@link #MARKERS} over delta is content with less:
     * types that a generation does not change are not told, and the last message of a generation says that it is whole.
     */
    public static final String COMMITS = "flotilla.generation.commits";

    // Sixty messages of the usual size; a Pilot that serves a thousand proxies needs no more to keep its processors
    // busy.
    private static final long IN_FLIGHT_BYTES = 16 << 20;

    private final DiscoverySource source;
    private final DeliveryOrder order;
    private final Executor executor;
    private final FrameEncoder encoder;
    private final Diffs diffs = new Diffs();
    private final StreamLimits limits;
    private final InFlight inFlight = new InFlight(IN_FLIGHT_BYTES);
    private final InFlight admissions;
    private final AtomicLong cut = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Set<StreamCall<?>> streams = ConcurrentHashMap.newKeySet();
    private final LongAdder activity = new LongAdder();
    private final AtomicLong ids = new AtomicLong();
    private final ScheduledThreadPoolExecutor timer;

    /**
     * @param source     gives each stream its views
     * @param order      of the types on aggregated streams
     * @param identifier of this process, told in control_plane; empty for none
     * @param executor   runs streams; a stream never holds a thread while it waits
     */
    public XdsServer(DiscoverySource source, DeliveryOrder order, String identifier, Executor executor) {
        this(source, order, identifier, executor, StreamLimits.DEFAULT);
    }

    /** With limits of its own. */
    public XdsServer(
            DiscoverySource source, DeliveryOrder order, String identifier, Executor executor, StreamLimits limits) {
        this.limits = limits;
        admissions = new InFlight(limits.admitted());
        this.source = source;
        this.order = order;
        this.executor = executor;
        encoder = new FrameEncoder(identifier, !order.barrier().isEmpty());
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("xds-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Runs streams on virtual threads. */
    public XdsServer(DiscoverySource source, DeliveryOrder order, String identifier) {
        this(
                source,
                order,
                identifier,
                // A turn has no use for what threads inherit, and copying it would be a part of what a turn costs.
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().inheritInheritableThreadLocals(false).factory()));
    }

    /** envoy.service.discovery.v3.AggregatedDiscoveryService. */
    public ServerServiceDefinition aggregated() {
        return aggregated(() -> executor);
    }

    /**
     * The same, where connections have threads of their own: what a view changes is told on the thread that will send it,
     * and none has to be woken in between.
     *
     * @param connection asked while a stream begins: runs what it is given on the thread of that stream's connection
     */
    public ServerServiceDefinition aggregated(Supplier<Executor> connection) {
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(AggregatedDiscoveryServiceGrpc.SERVICE_NAME);
        add(
                service,
                Dialect.world(
                        AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod(), false, order, encoder),
                connection);
        add(
                service,
                Dialect.delta(AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod(), order, encoder),
                connection);
        return service.build();
    }

    /** envoy.service.secret.v3.SecretDiscoveryService; secrets are made when they are asked for. */
    public ServerServiceDefinition secrets() {
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(SecretDiscoveryServiceGrpc.SERVICE_NAME);
        DeliveryOrder free = DeliveryOrder.SECRETS;
        add(service, Dialect.world(SecretDiscoveryServiceGrpc.getStreamSecretsMethod(), false, free, encoder));
        add(service, Dialect.delta(SecretDiscoveryServiceGrpc.getDeltaSecretsMethod(), free, encoder));
        add(service, Dialect.world(SecretDiscoveryServiceGrpc.getFetchSecretsMethod(), true, free, encoder));
        return service.build();
    }

    /**
     * istio.mcp.v1alpha1.ResourceSource, over a source whose type URLs are names of collections and whose resources
     * are envelopes. Full state, or incremental for collections of which a client asks for that.
     *
     * @param collections that may be asked for, empty or not; another one ends the stream
     */
    public ServerServiceDefinition resources(Set<String> collections) {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(ResourceSourceGrpc.SERVICE_NAME);
        add(service, Dialect.mcp(ResourceSourceGrpc.getEstablishResourceStreamMethod(), collections::contains));
        return service.build();
    }

    /** istio.mcp.v1alpha1.AggregatedMeshConfigService, the form before {@link #resources}; full state only. */
    public ServerServiceDefinition meshConfigs(Set<String> collections) {
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(AggregatedMeshConfigServiceGrpc.SERVICE_NAME);
        add(
                service,
                Dialect.meshConfig(
                        AggregatedMeshConfigServiceGrpc.getStreamAggregatedResourcesMethod(), collections::contains));
        return service.build();
    }

    /** The open streams, oldest first. */
    public List<StreamStatus> streams() {
        return streams.stream()
                .map(StreamCall::status)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparingLong(status -> status.info().id()))
                .toList();
    }

    /** Ends some streams, of which none is told more. */
    public void end(Predicate<StreamInfo> which, Status status) {
        streams.stream()
                .filter(stream -> {
                    StreamStatus known = stream.status();
                    return known != null && which.test(known.info());
                })
                .forEach(stream -> stream.end(status));
    }

    /** Ends every stream; clients come back, to another replica if there is one. */
    @Override
    public void close() {
        streams.forEach(stream -> stream.end(Status.UNAVAILABLE.withDescription("server is going down")));
        timer.shutdownNow();
    }

    private <Q> void add(ServerServiceDefinition.Builder service, Dialect<Q> dialect) {
        add(service, dialect, () -> executor);
    }

    private <Q> void add(ServerServiceDefinition.Builder service, Dialect<Q> dialect, Supplier<Executor> connection) {
        service.addMethod(dialect.method(), (call, headers) -> {
            StreamCall<Q> stream = new StreamCall<>(call, headers, this, dialect, connection.get());
            stream.start();
            return stream;
        });
    }

    /** Rises with whatever streams ask, are offered and are told: while it stays, {@link #streams} says the same. */
    public long activity() {
        return activity.sum();
    }

    void acted() {
        activity.increment();
    }

    void opened(StreamCall<?> stream) {
        streams.add(stream);
    }

    void closed(StreamCall<?> stream) {
        streams.remove(stream);
        acted();
    }

    long nextId() {
        return ids.incrementAndGet();
    }

    DiscoverySource source() {
        return source;
    }

    Executor executor() {
        return executor;
    }

    Diffs diffs() {
        return diffs;
    }

    InFlight inFlight() {
        return inFlight;
    }

    StreamLimits limits() {
        return limits;
    }

    /** Streams whose first push is being made, and those that wait for it. */
    InFlight admissions() {
        return admissions;
    }

    void cut() {
        cut.incrementAndGet();
    }

    /** Streams that were cut off since the start, since their clients did not read. */
    public long unread() {
        return cut.get();
    }

    void failed(RuntimeException error) {
        if (timer.isShutdown()) {
            return;
        }
        LOG.log(Level.ERROR, "a stream ends, since serving it failed", error);
        failed.incrementAndGet();
    }

    /** Streams that ended since the start because something of ours failed. */
    public long failed() {
        return failed.get();
    }

    /** Streams that wait for their first push at this moment. */
    public int waiting() {
        return admissions.waiting();
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }
}
