package io.flotilla.discovery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A source with one view for everybody: each stream gets the latest one as it opens and each later one. */
public final class MemorySource implements DiscoverySource {
    private final Map<Long, Consumer<View>> streams = new ConcurrentHashMap<>();
    private volatile @Nullable View latest;

    /** The view that new streams start with; null before the first {@link #publish}. */
    public @Nullable View latest() {
        return latest;
    }

    /** Gives every stream a newer view. */
    public synchronized void publish(View view) {
        latest = view;
        streams.values().forEach(stream -> stream.accept(view));
    }

    @Override
    public synchronized Session open(StreamInfo stream, Consumer<View> views) {
        streams.put(stream.id(), views);
        View now = latest;
        if (now != null) {
            views.accept(now);
        }
        return new Session() {
            @Override
            public boolean prompt() {
                return true;
            }

            @Override
            public void close() {
                streams.remove(stream.id());
            }
        };
    }
}
