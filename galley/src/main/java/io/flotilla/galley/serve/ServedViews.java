package io.flotilla.galley.serve;

import io.flotilla.config.model.Kind;
import io.flotilla.discovery.DiscoveryRefused;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.View;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.galley.state.Held;
import io.flotilla.galley.state.Publisher;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives each reader the state in its own words. Ours get the registry as it is; they are known by asking for
 * generation markers, or for a type of the registry. All others get it rendered, which begins with the first of them.
 */
public final class ServedViews {
    private static final String REGISTRY = Kind.REGISTRY_SERVICE.group() + "/";

    private final MemorySource own = new MemorySource();
    private final Bursts bursts = new Bursts(own::publish);
    private final MemorySource modern = new MemorySource();
    private final MemorySource classic = new MemorySource();
    private @Nullable Held held;
    private @Nullable ForeignRegistry registry;
    private @Nullable ForeignViews foreign;

    /** Gives every reader the state after a change; changes come in order, and none is left out after the first. */
    public synchronized void publish(Publisher.Outcome outcome) {
        held = outcome.held();
        bursts.publish(outcome.held().view());
        ForeignRegistry rendered = registry;
        if (rendered != null) {
            rendered.apply(outcome.changed(), outcome.removed());
            publishForeign();
        }
    }

    /** For xDS streams. */
    public DiscoverySource modern() {
        return this::open;
    }

    /** For streams of the classic protocol. */
    public DiscoverySource classic() {
        return (stream, views) -> {
            begin();
            return classic.open(stream, views);
        };
    }

    private DiscoverySource.Session open(StreamInfo stream, Consumer<View> views) throws DiscoveryRefused {
        if (stream.node().getClientFeaturesList().contains(XdsServer.MARKERS)) {
            return own.open(stream, views);
        }
        begin();
        return new Undecided(stream, views);
    }

    /** Rendering begins when somebody wants it. */
    private synchronized void begin() {
        Held now = held;
        if (registry == null) {
            ForeignRegistry fresh = new ForeignRegistry();
            if (now != null) {
                fresh.apply(now.mesh().published(), java.util.Set.of());
            }
            registry = fresh;
            foreign = new ForeignViews(fresh);
            publishForeign();
        }
    }

    private void publishForeign() {
        Held now = held;
        ForeignViews views = foreign;
        if (now != null && views != null) {
            views.update(now);
            modern.publish(views.modern(now));
            classic.publish(views.classic(now));
        }
    }

    /** A stream that is foreign until it asks for a type of the registry. */
    private final class Undecided implements DiscoverySource.Session {
        private final StreamInfo stream;
        private final Consumer<View> views;
        private DiscoverySource.Session session;
        private boolean ours;

        Undecided(StreamInfo stream, Consumer<View> views) {
            this.stream = stream;
            this.views = views;
            session = modern.open(stream, views);
        }

        @Override
        public void subscribed(String typeUrl, Collection<String> names, Map<String, String> told) {
            if (!ours && typeUrl.startsWith(REGISTRY)) {
                ours = true;
                session.close();
                session = own.open(stream, views);
            }
        }

        @Override
        public void accepted(String typeUrl, String version, Generation generation) {
            session.accepted(typeUrl, version, generation);
        }

        @Override
        public void rejected(String typeUrl, String version, Generation generation, String message) {
            session.rejected(typeUrl, version, generation, message);
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
