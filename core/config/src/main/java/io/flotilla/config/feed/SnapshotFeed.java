package io.flotilla.config.feed;

import com.google.protobuf.ByteString;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.Moves;
import io.flotilla.config.snapshot.SnapshotBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A consumer's snapshot, made of what the stream delivers: the state before and the changes of one generation give
 * the state after. Pure.
 *
 * @param snapshot the mesh after the last generation
 */
public record SnapshotFeed(MeshSnapshot snapshot) {
    public static SnapshotFeed empty(MeshSettings settings) {
        return new SnapshotFeed(SnapshotBuilder.empty(settings));
    }

    /**
     * What a generation changes in one collection.
     *
     * @param changed resource name to the serialised google.protobuf.Any with the envelope
     * @param removed resource names
     */
    public record Delta(Map<String, ByteString> changed, Set<String> removed) {}

    /**
     * The outcome of a generation.
     *
     * @param feed    the new state
     * @param changed keys of objects that are new or differ, or are gone
     * @param broken  "TYPE NAME" of resources that could not be read and were left out
     * @param moves   what may differ, where little does; empty where anything may
     */
    public record Step(SnapshotFeed feed, Set<ObjectKey> changed, List<String> broken, Optional<Moves> moves) {}

    /**
     * The state after a generation.
     *
     * @param deltas type URL to what changes; unknown type URLs are passed over
     */
    public Step apply(Map<String, Delta> deltas) {
        List<Config<?>> changed = new ArrayList<>();
        Set<ObjectKey> removed = new TreeSet<>();
        List<String> broken = new ArrayList<>();
        deltas.forEach((typeUrl, delta) -> Collections.of(typeUrl).ifPresent(collection -> {
            delta.removed().forEach(name -> removed.add(Envelopes.key(collection, name)));
            delta.changed()
                    .forEach((name, any) -> Envelopes.read(collection, any)
                            .ifPresentOrElse(changed::add, () -> broken.add(typeUrl + " " + name)));
        }));
        Set<ObjectKey> touched = new TreeSet<>(removed);
        changed.forEach(config -> touched.add(config.key()));
        SnapshotBuilder.Step next = SnapshotBuilder.step(snapshot, changed, removed);
        return new Step(new SnapshotFeed(next.snapshot()), touched, List.copyOf(broken), next.moves());
    }
}
