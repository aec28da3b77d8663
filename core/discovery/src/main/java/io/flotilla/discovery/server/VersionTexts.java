package io.flotilla.discovery.server;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.StateVersion;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Versions as text. After a change all streams say the same few: each is written once, not once for each stream. */
final class VersionTexts {
    private static final int PLACES = 64;

    private final AtomicReferenceArray<@Nullable Said> said = new AtomicReferenceArray<>(PLACES);

    private record Said(StateVersion version, String text) {}

    String of(Generation generation, String hash, boolean more, boolean commits) {
        int place = hash.hashCode() & (PLACES - 1);
        Said known = said.get(place);
        if (known != null
                && same(known.version, generation, hash)
                && known.version.more() == more
                && known.version.commits() == commits) {
            return known.text;
        }
        StateVersion version = new StateVersion(generation, hash, more, commits);
        String text = version.toString();
        said.set(place, new Said(version, text));
        return text;
    }

    @SuppressWarnings("ReferenceEquality") // streams of one view share its generation; another one is written anew
    private static boolean same(StateVersion known, Generation generation, String hash) {
        return known.generation() == generation && known.hash().equals(hash);
    }
}
