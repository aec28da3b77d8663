package io.flotilla.pilot.push;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.StateVersion;
import io.flotilla.discovery.View;
import io.flotilla.envoy.patch.PatchNotes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Whose patches were in what a view's proxies were told lately. An answer may be to a response that newer ones have
 * followed, and says nothing of these. Not for several threads.
 */
final class Sayings {
    private static final int MOST = 32;

    private final Deque<Saying> sayings = new ArrayDeque<>();

    private record Saying(Generation generation, Map<String, String> hashes, PatchNotes notes) {}

    /** From now on this is told. */
    void say(View view, PatchNotes notes) {
        if (sayings.isEmpty() && notes.touched().isEmpty()) {
            return;
        }
        Map<String, String> hashes = new HashMap<>();
        view.types().forEach((url, set) -> hashes.put(url, set.version()));
        sayings.removeIf(one ->
                one.generation().equals(view.generation()) && one.hashes().equals(hashes));
        sayings.addLast(new Saying(view.generation(), hashes, notes));
        if (sayings.size() > MOST) {
            sayings.removeFirst();
        }
    }

    /** The patches in a response with this version; empty where that was too long ago, or never. */
    Optional<PatchNotes> notes(String typeUrl, String version) {
        return StateVersion.parse(version).flatMap(parsed -> {
            for (Iterator<Saying> newest = sayings.descendingIterator(); newest.hasNext(); ) {
                Saying one = newest.next();
                if (one.generation().equals(parsed.generation())
                        && parsed.hash().equals(one.hashes().get(typeUrl))) {
                    return Optional.of(one.notes());
                }
            }
            return Optional.empty();
        });
    }
}
