package io.flotilla.pilot.serve;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One stream's views, with the table of names for those who ask for it; nothing is made for the others. */
final class NamedViews implements Consumer<View> {
    private final Consumer<View> next;
    private final Function<Optional<MeshSnapshot>, ResourceSet> tables;
    private boolean asked;
    private ResourceSet names = ResourceSet.EMPTY;
    private @Nullable View last;

    /**
     * Before a stream's own consumer.
     *
     * @param tables what of a mesh is the stream's
     */
    NamedViews(Consumer<View> next, Function<Optional<MeshSnapshot>, ResourceSet> tables) {
        this.next = next;
        this.tables = tables;
    }

    @Override
    public synchronized void accept(View view) {
        last = view;
        next.accept(asked ? named(view) : view);
    }

    /** The stream wants names. */
    void ask(Optional<MeshSnapshot> mesh) {
        ResourceSet fresh = tables.apply(mesh);
        synchronized (this) {
            asked = true;
            tell(fresh);
        }
    }

    /** The mesh is another one: the stream is told where its names are. */
    void renew(Optional<MeshSnapshot> mesh) {
        if (wanted()) {
            ResourceSet fresh = tables.apply(mesh);
            synchronized (this) {
                if (!fresh.version().equals(names.version())) {
                    tell(fresh);
                }
            }
        }
    }

    private synchronized boolean wanted() {
        return asked;
    }

    private void tell(ResourceSet fresh) {
        names = fresh;
        View view = last;
        if (view != null) {
            next.accept(named(view));
        }
    }

    private View named(View view) {
        Map<String, ResourceSet> types = new HashMap<>(view.types());
        types.put(NameTables.TYPE_URL, names);
        return new View(view.generation(), types);
    }
}
