package io.flotilla.galley.mcp;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.foreign.ClassicNames;
import io.flotilla.config.foreign.RegistryEntries;
import io.flotilla.config.model.Kind;
import io.flotilla.galley.source.HeldDeletions;
import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceSink;
import io.flotilla.galley.source.SourceStatus;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Configuration from another server: a Galley, an istiod, or any program that speaks MCP. What it told stays in force
 * while it is away. It is asked for kinds of configuration; its registry comes as ServiceEntry and WorkloadEntry.
 */
final class McpSource implements Source {
    private static final Logger LOG = Logger.getLogger(McpSource.class);
    private static final Duration LEAST = Duration.ofMillis(200);
    private static final Duration MOST = Duration.ofSeconds(10);

    private final McpAddress address;
    private final McpChannel channels;
    private final List<String> types;
    private final McpDocuments documents;
    private final Set<String> unanswered = new TreeSet<>();
    /** Types that were not told on this stream yet. */
    private final Set<String> untold = new HashSet<>();

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("mcp-source").factory());

    private @Nullable SourceSink sink;
    private boolean synced;
    private long backOff = LEAST.toMillis();
    private volatile SourceStatus status;
    private volatile boolean closed;
    private volatile Runnable endStream = () -> {};

    McpSource(McpAddress address, McpChannel channels, MassDeletionGuard guard) {
        this.address = address;
        this.channels = channels;
        this.types = address.classic() ? classicTypes() : modernTypes();
        this.documents = new McpDocuments(address.classic(), guard);
        status = new SourceStatus.Starting(address.server() + " to answer");
        unanswered.addAll(types);
    }

    private static List<String> modernTypes() {
        return Collections.ALL.stream()
                .filter(each ->
                        !RegistryEntries.isRegistry(each.kind()) && !each.kind().equals(Kind.MESH_CONFIG))
                // The newest version of each: what a current istiod or another Galley calls it.
                .map(each -> each.aliases().isEmpty()
                        ? each.typeUrl()
                        : each.aliases().getFirst())
                .toList();
    }

    private static List<String> classicTypes() {
        return ClassicNames.ofFirstRelease().entrySet().stream()
                .filter(each -> Collections.of(each.getValue()).isPresent())
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public SourceName name() {
        return SourceName.MCP;
    }

    @Override
    public void start(SourceSink into) {
        sink = into;
        timer.execute(this::connect);
    }

    private void connect() {
        if (closed) {
            return;
        }
        ManagedChannel channel;
        try {
            channel = channels.next();
        } catch (IllegalStateException e) {
            ended(e);
            return;
        }
        channel.resetConnectBackoff();
        synchronized (this) {
            untold.addAll(types);
        }
        McpStream.Taking taking = new McpStream.Taking() {
            @Override
            public @Nullable String take(String type, List<Resource> resources) {
                return McpSource.this.take(type, resources);
            }

            @Override
            public void ended(Throwable why) {
                McpSource.this.ended(why);
            }
        };
        endStream =
                address.classic() ? McpStream.classic(channel, types, taking) : McpStream.xds(channel, types, taking);
    }

    private synchronized @Nullable String take(String type, List<Resource> resources) {
        SourceSink into = sink;
        if (into == null || closed) {
            return null;
        }
        backOff = LEAST.toMillis();
        try {
            Map<String, Optional<String>> change =
                    documents.change(type, resources, untold.remove(type), Instant.now());
            unanswered.remove(type);
            boolean first = !synced;
            synced |= unanswered.isEmpty();
            if (!change.isEmpty() || (first && synced)) {
                into.apply(SourceName.MCP, change, synced);
            }
            if (documents.held().contains(type)) {
                askAgain();
            } else if (synced && documents.held().isEmpty()) {
                status = new SourceStatus.Synced();
            }
            return null;
        } catch (InvalidProtocolBufferException e) {
            LOG.warnf("what %s sends of %s is refused: %s", address.server(), type, e.getMessage());
            return e.getMessage();
        }
    }

    /** Ends the stream once the time has come: what follows is asked for everything again. */
    private void askAgain() {
        Instant now = Instant.now();
        Instant at = documents.askAgain().orElse(now);
        LOG.warnf(
                "%s lacks more than half of %s: kept until it says so again at %s",
                address.server(), documents.held(), at);
        status = new SourceStatus.Stale(now, "more than half of " + documents.held() + " is gone there, and kept here");
        var _ = timer.schedule(
                () -> endStream.run(), Math.max(1, Duration.between(now, at).toMillis()), TimeUnit.MILLISECONDS);
    }

    private synchronized void ended(Throwable why) {
        if (closed) {
            return;
        }
        String reason = address.server() + ": " + why.getMessage();
        if (synced && status instanceof SourceStatus.Synced) {
            LOG.warnf("the stream of configuration ended: %s", reason);
            status = new SourceStatus.Stale(Instant.now(), reason);
        } else if (!synced) {
            status = new SourceStatus.Starting(reason);
        }
        var _ = timer.schedule(this::connect, backOff, TimeUnit.MILLISECONDS);
        backOff = Math.min(MOST.toMillis(), 2 * backOff);
    }

    @Override
    public SourceStatus status() {
        return status;
    }

    @Override
    public synchronized List<HeldDeletions> heldDeletions() {
        return documents.heldDeletions();
    }

    @Override
    public void confirm(HeldDeletions held) {
        synchronized (this) {
            documents.confirm(held.of());
            backOff = LEAST.toMillis();
        }
        endStream.run();
    }

    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        channels.close();
    }
}
