package io.flotilla.pilot.push;

import io.flotilla.discovery.Generation;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.patch.Quarantine;
import io.flotilla.pilot.feed.MeshState;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What proxies with equal views are told, and who they are; {@link Views} alone changes it, under its lock. */
final class SharedView {
    final Key key;
    final Set<Views.Member> members = new LinkedHashSet<>();
    final Sayings sayings = new Sayings();
    Packed packed = Packed.NOTHING;
    // The last state could not be translated: the next one is translated whole.
    boolean behind;

    private @Nullable Alone alone;

    SharedView(Key key) {
        this.key = key;
    }

    Quarantines.Identity identity() {
        return Quarantines.Identity.of(key.view());
    }

    /** What it would be if these patches alone were left out; remembered for as long as it is that. */
    Packed alone(MeshState state, Quarantine quarantine, Scopes scopes, Packer packer) {
        Alone known = alone;
        if (known == null || !known.of(state.generation(), quarantine)) {
            EnvoyResources fresh = Translator.translate(scopes.of(key.view(), state, quarantine));
            known = new Alone(
                    state.generation(),
                    quarantine,
                    Packed.NOTHING.next(fresh, state.generation(), key.discovers(), packer, scopes.caches()));
            alone = known;
        }
        return known.packed();
    }

    void forgetAlone() {
        alone = null;
    }

    /** Who discovers virtual hosts one by one shares nothing of routes with the others. */
    record Key(ProxyView view, boolean discovers) {}

    /** What a view would be if nobody but its own proxies had refused anything. */
    private record Alone(Generation generation, Quarantine quarantine, Packed packed) {
        boolean of(Generation other, Quarantine without) {
            return generation.equals(other) && quarantine.equals(without);
        }
    }
}
