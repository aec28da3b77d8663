package io.flotilla.mixer.registry;

import com.google.protobuf.ByteString;
import io.flotilla.config.feed.SnapshotFeed;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.client.Update;
import io.flotilla.discovery.client.UpdateListener;
import io.flotilla.service.RevokedPeers;
import io.flotilla.telemetry.registry.Registry;
import io.flotilla.telemetry.registry.RegistryHistory;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** The registry of the last minute, made of what Galley sends. What is known stays while Galley is away. */
@ApplicationScoped
public class RegistryFeed implements UpdateListener {
    private static final Logger LOG = Logger.getLogger(RegistryFeed.class);
    private static final int PATIENCE_SECONDS = 5;

    private volatile RegistryHistory history = RegistryHistory.empty();
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final AtomicBoolean waits = new AtomicBoolean();
    private final Clock clock = Clock.systemUTC();
    private final RevokedPeers revoked = new RevokedPeers(clock);
    // Only used by calls of the client, which never overlap.
    private SnapshotFeed feed = SnapshotFeed.empty(MeshSettings.defaults());

    /** What is known now. */
    public RegistryHistory history() {
        return history;
    }

    /** Who is refused, as Galley last said. */
    public RevokedPeers revoked() {
        return revoked;
    }

    /**
     * Done once there is a first state, or some seconds after this was first asked: who waits may come long after the
     * start, since nobody can before this process has a certificate.
     */
    public CompletableFuture<Void> awaited() {
        if (waits.compareAndSet(false, true)) {
            first.completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return first;
    }

    @Override
    public void apply(Update update) {
        Map<String, SnapshotFeed.Delta> deltas = new TreeMap<>();
        update.changes().forEach((type, diff) -> deltas.put(type, delta(diff)));
        SnapshotFeed.Step step = feed.apply(deltas);
        step.broken().forEach(name -> LOG.warnf("Galley sent something unreadable: %s", name));
        feed = step.feed();
        revoked.are(feed.snapshot().revocations().stream().map(Config::spec).toList());
        history = history.with(Registry.of(feed.snapshot()), clock.instant());
        first.complete(null);
    }

    @Override
    public void connection(boolean up, String reason) {
        LOG.info(up ? "connected to Galley" : "lost Galley: " + reason);
    }

    private static SnapshotFeed.Delta delta(ResourceDiff diff) {
        Map<String, ByteString> changed = new TreeMap<>();
        for (Resource resource : diff.changed()) {
            changed.put(resource.name(), resource.any());
        }
        return new SnapshotFeed.Delta(changed, new HashSet<>(diff.removed()));
    }
}
