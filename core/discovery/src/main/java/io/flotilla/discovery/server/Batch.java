package io.flotilla.discovery.server;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.wire.Contents;
import java.util.List;

/** What one type is sent for one generation, handed out in parts. */
final class Batch {
    final TypeStream type;
    final Generation generation;
    final String hash;
    private final List<Contents> parts;
    private final List<String> removed;
    private int next;

    /**
     * @param parts   one or more
     * @param removed all names, which go with the last part
     */
    Batch(TypeStream type, Generation generation, String hash, List<Contents> parts, List<String> removed) {
        this.type = type;
        this.generation = generation;
        this.hash = hash;
        this.parts = parts;
        this.removed = removed;
    }

    /**
     * A message's worth.
     *
     * @param removed all names, with the last part
     * @param last    whether nothing follows
     */
    record Part(Contents contents, List<String> removed, boolean last) {}

    Part part() {
        Contents contents = parts.get(next++);
        boolean last = next == parts.size();
        return new Part(contents, last ? removed : List.of(), last);
    }
}
