package io.flotilla.galley.serve;

import io.flotilla.discovery.DiscoveryRefused;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.View;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Counts readers and their answers under the classic names; a reader is told apart by its node id. */
public final class ReaderMetrics {
    private static final String PREFIX = "galley.mcp.source.";

    private final MeterRegistry registry;
    private final AtomicInteger clients = new AtomicInteger();

    public ReaderMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder(PREFIX + "clients", clients, AtomicInteger::get)
                .description("open streams of readers")
                .register(registry);
    }

    /** The same source, counted. */
    DiscoverySource counted(DiscoverySource source) {
        return (stream, views) -> open(source, stream, views);
    }

    private DiscoverySource.Session open(DiscoverySource source, StreamInfo stream, Consumer<View> views)
            throws DiscoveryRefused {
        DiscoverySource.Session session = source.open(stream, views);
        clients.incrementAndGet();
        return new Counted(session, stream.node().getId());
    }

    private Counter counter(String what, String collection, String node) {
        return Counter.builder(PREFIX + what)
                .tag("collection", collection)
                .tag("connectionID", node)
                .register(registry);
    }

    private final class Counted implements DiscoverySource.Session {
        private final DiscoverySource.Session session;
        private final String node;
        // By type: finding one costs more than all else of an acknowledgement.
        private final Map<String, Counter> acks = new HashMap<>();

        Counted(DiscoverySource.Session session, String node) {
            this.session = session;
            this.node = node;
        }

        @Override
        public void subscribed(String typeUrl, Collection<String> names, Map<String, String> held) {
            session.subscribed(typeUrl, names, held);
        }

        @Override
        public boolean prompt() {
            return session.prompt();
        }

        @Override
        public void accepted(String typeUrl, String version, Generation generation) {
            acks.computeIfAbsent(typeUrl, type -> counter("request.acks", type, node))
                    .increment();
            session.accepted(typeUrl, version, generation);
        }

        @Override
        public void rejected(String typeUrl, String version, Generation generation, String message) {
            counter("request.nacks", typeUrl, node).increment();
            session.rejected(typeUrl, version, generation, message);
        }

        @Override
        public void close() {
            clients.decrementAndGet();
            session.close();
        }
    }
}
