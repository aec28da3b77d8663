package io.flotilla.discovery.server;

import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.wire.Texts;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/** The names of a request, as the resources have them: a thousand streams that want the same have them in memory once. */
final class AskedNames {
    /** Fewer names than this are looked up as strings, which needs no index. */
    private static final int FEW = 16;

    private AskedNames() {}

    /**
     * @param set    what there is now
     * @param shared where names of everything are found
     */
    static Collection<String> of(List<String> asked, ResourceSet set, SharedNames shared) {
        if (asked.isEmpty()) {
            return asked;
        }
        Texts texts = asked.size() < FEW || !(asked instanceof Texts many) ? null : many;
        if (texts != null && all(texts, set)) {
            return shared.allOf(set);
        }
        List<String> names = new ArrayList<>(asked.size());
        for (int i = 0; i < asked.size(); i++) {
            int position = texts == null ? -1 : set.position(texts.utf8(i));
            Resource known = texts == null
                    ? set.get(asked.get(i))
                    : position < 0 ? null : set.resources().get(position);
            names.add(known == null ? asked.get(i) : known.name());
        }
        return names;
    }

    /** Whether these are the names of all that there is, each once. */
    private static boolean all(Texts texts, ResourceSet set) {
        if (texts.size() != set.size()) {
            return false;
        }
        BitSet named = new BitSet(set.size());
        for (int i = 0; i < texts.size(); i++) {
            int position = set.position(texts.utf8(i));
            if (position < 0) {
                return false;
            }
            named.set(position);
        }
        return named.cardinality() == set.size();
    }
}
