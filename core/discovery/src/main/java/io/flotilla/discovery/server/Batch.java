package io.flotilla.discovery.server;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.wire.FrameEncoder;
import java.util.List;

/** What one type is sent for one generation, handed out in parts. */
final class Batch {
    final TypeStream type;
    final Generation generation;
    final String hash;
    private final List<Resource> resources;
    private final List<String> removed;
    private final int partBytes;
    private int next;
    private boolean done;

    Batch(
            TypeStream type,
            Generation generation,
            String hash,
            List<Resource> resources,
            List<String> removed,
            int partBytes) {
        this.type = type;
        this.generation = generation;
        this.hash = hash;
        this.resources = resources;
        this.removed = removed;
        this.partBytes = partBytes;
    }

    /**
     * A message's worth.
     *
     * @param resources at least one, then as many as fit
     * @param removed   all names, with the last part
     * @param last      whether nothing follows
     */
    record Part(List<Resource> resources, List<String> removed, boolean last) {}

    boolean done() {
        return done;
    }

    Part part() {
        int from = next;
        long size = 0;
        while (next < resources.size()) {
            size += FrameEncoder.sizeOf(resources.get(next));
            if (size > partBytes && next > from) {
                break;
            }
            next++;
        }
        done = next == resources.size();
        return new Part(resources.subList(from, next), done ? removed : List.of(), done);
    }
}
