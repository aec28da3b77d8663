package io.flotilla.discovery.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Groups;
import io.flotilla.discovery.SerialExecutor;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.discovery.server.XdsServer;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the whole state of some types over ADS. It holds what it has while a server is away, tells the next one which
 * versions these are, and gives its listener one update for each generation, when all types have arrived.
 *
 * <p>A server whose generation does not dominate the one in force ({@link Generation#dominates}) is listened to but
 * not believed, until it dominates or {@link ClientSettings#patience} is over.
 */
public final class DiscoveryClient implements AutoCloseable {
    private final ClientSettings settings;
    private final ManagedChannel channel;
    private final UpdateListener listener;
    private final Reading<?, ?> reading;
    private final Assembly assembly;
    private final BackOff backOff;
    private final SerialExecutor queue;
    private final ScheduledThreadPoolExecutor timer;

    private @Nullable ClientStream<?, ?> stream;
    private boolean connected;
    private boolean closed;
    private boolean impatient;
    // This server does not know groups: it is asked for all.
    private boolean ungrouped;
    private Groups wanted = Groups.ALL;
    private volatile ClientStatus status = new ClientStatus(false, false, Generation.NONE, false, "");
    private volatile View view = new View(Generation.NONE, Map.of());

    /**
     * A client that is not connected yet.
     *
     * @param channels makes the one channel that it uses and closes; set keep-alive on it
     * @param naming   the name of a resource, for state of the world only
     */
    public DiscoveryClient(
            ClientSettings settings,
            Supplier<ManagedChannel> channels,
            UpdateListener listener,
            Function<Any, String> naming) {
        this.settings = withMarkers(settings);
        this.channel = channels.get();
        this.listener = listener;
        reading = settings.delta() ? new Reading.Delta() : new Reading.World(naming);
        assembly = new Assembly(settings.types(), view);
        backOff = new BackOff(settings.minBackOff(), settings.maxBackOff(), ThreadLocalRandom.current());
        Executor executor = Executors.newVirtualThreadPerTaskExecutor();
        queue = new SerialExecutor(executor);
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("discovery-client").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** A client of resources in the istio.mcp.v1alpha1.Resource envelope. */
    public DiscoveryClient(ClientSettings settings, Supplier<ManagedChannel> channels, UpdateListener listener) {
        this(settings, channels, listener, DiscoveryClient::envelopeName);
    }

    /** Connects, and comes back for ever until {@link #close}. */
    public DiscoveryClient start() {
        queue.execute(this::connect);
        return this;
    }

    /** The state in force; of no generation before the first. */
    public View view() {
        return view;
    }

    public ClientStatus status() {
        return status;
    }

    @Override
    public void close() {
        queue.execute(() -> {
            closed = true;
            if (stream != null) {
                stream.cancel("client is closed");
            }
            channel.shutdownNow();
            timer.shutdownNow();
        });
    }

    private void connect() {
        if (closed) {
            return;
        }
        // The channel's own back-off grows to minutes; ours alone decides when to try.
        channel.resetConnectBackoff();
        ungrouped = false;
        open();
    }

    /**
     * Which groups it is to hold of the types that come in groups; all, where nothing is said. What else it holds is gone
     * from the update that has all of these, and not before. A server is asked again once it has told what it was asked
     * for last; it hears what is held, and tells the rest.
     *
     * @throws IllegalStateException over state of the world, where everything is told always
     */
    public void want(Groups groups) {
        if (!settings.delta() && !groups.all()) {
            throw new IllegalStateException("groups are asked for over delta alone");
        }
        queue.execute(() -> {
            wanted = groups;
            askAgain();
        });
    }

    // Not on the same stream: nothing would tell what was on its way before from what answers this.
    private void askAgain() {
        ClientStream<?, ?> before = stream;
        if (before != null && !closed && assembly.settled() && !asked().equals(assembly.asked())) {
            open();
            before.cancel("other groups are wanted");
        }
    }

    private Groups asked() {
        return ungrouped ? Groups.ALL : wanted;
    }

    // A server that knows no groups looks for resources of these names, and says that there are none.
    private boolean knowsNoGroups(Reading.Response response) {
        return TypeUrls.grouped(response.typeUrl())
                && response.removed().stream()
                        .anyMatch(name -> assembly.asked().names().contains(name));
    }

    private void open() {
        assembly.restart(asked());
        impatient = false;
        stream = open(reading);
    }

    private <Q, R> ClientStream<Q, R> open(Reading<Q, R> dialect) {
        ClientStream<Q, R> fresh = new ClientStream<>(dialect, channel, queue, this);
        fresh.start(settings, assembly);
        return fresh;
    }

    /** Takes one response; what comes back is why it is refused, null if it is not. */
    @Nullable
    String take(ClientStream<?, ?> from, Reading.Response response) {
        if (from != stream || closed) {
            return null;
        }
        if (!connected) {
            connected = true;
            backOff.reset();
            listener.connection(true, "");
        }
        if (!ungrouped && knowsNoGroups(response)) {
            ungrouped = true;
            return null;
        }
        StringBuilder refusal = new StringBuilder();
        var taken = response.changed().stream()
                .filter(resource -> {
                    Optional<String> reason = listener.refuse(response.typeUrl(), resource);
                    reason.ifPresent(text -> refusal.append(refusal.isEmpty() ? "" : "; ")
                            .append(resource.name())
                            .append(": ")
                            .append(text));
                    return reason.isEmpty();
                })
                .toList();
        assembly.stage(response.typeUrl(), taken, response.removed());
        return refusal.isEmpty() ? null : refusal.toString();
    }

    /** The response is staged and answered: goes over to the next generation if this completed it. */
    void settle(ClientStream<?, ?> from, Reading.Response response) {
        if (from == stream && !closed) {
            if (ungrouped && !assembly.asked().all()) {
                // What it said to that is no state.
                open();
                from.cancel("this server knows no groups");
                return;
            }
            assembly.arrived(response.typeUrl(), response.version()).ifPresent(this::apply);
            if (assembly.heldBack() && !impatient) {
                impatient = true;
                later(settings.patience().toNanos(), () -> {
                    if (from == stream) {
                        assembly.commitOlder().ifPresent(this::apply);
                        publish(status.lastError());
                        askAgain();
                    }
                });
            }
            publish(status.lastError());
            askAgain();
        }
    }

    /** The stream is over: comes back after a while. */
    void ended(ClientStream<?, ?> from, Status reason) {
        if (from != stream || closed) {
            return;
        }
        stream = null;
        String text = reason.getCode() + (reason.getDescription() == null ? "" : ": " + reason.getDescription());
        if (connected) {
            connected = false;
            listener.connection(false, text);
        }
        publish(text);
        later(backOff.nextNanos(), this::connect);
    }

    private void apply(Update update) {
        view = update.view();
        listener.apply(update);
    }

    private void publish(String lastError) {
        status = new ClientStatus(
                connected,
                view.types().keySet().containsAll(settings.types()),
                view.generation(),
                assembly.heldBack(),
                lastError);
    }

    private void later(long nanos, Runnable task) {
        ScheduledFuture<?> unused = timer.schedule(() -> queue.execute(task), nanos, TimeUnit.NANOSECONDS);
    }

    private static ClientSettings withMarkers(ClientSettings settings) {
        return new ClientSettings(
                settings.node().toBuilder()
                        .addClientFeatures(XdsServer.MARKERS)
                        .addClientFeatures(XdsServer.COMMITS)
                        .build(),
                settings.types(),
                settings.delta(),
                settings.minBackOff(),
                settings.maxBackOff(),
                settings.patience());
    }

    private static String envelopeName(Any any) {
        try {
            return io.flotilla.api.mcp.v1alpha1.Resource.parseFrom(any.getValue())
                    .getMetadata()
                    .getName();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not an envelope: " + any.getTypeUrl(), e);
        }
    }
}
