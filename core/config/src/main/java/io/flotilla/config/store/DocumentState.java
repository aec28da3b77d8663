package io.flotilla.config.store;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ParsedObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one document contributes.
 *
 * @param good     the last valid version of each object that is still in the document
 * @param problems of the document as it is now, by line
 */
record DocumentState(SortedTree<ObjectKey, Config<?>> good, List<Diagnostic> problems) {
    static final DocumentState EMPTY = new DocumentState(SortedTree.empty(), List.of());

    DocumentState {
        problems = List.copyOf(problems);
    }

    /** The state once the document reads so. */
    DocumentState read(ParsedFile parsed) {
        SortedTree<ObjectKey, Config<?>> now = SortedTree.empty();
        Set<ObjectKey> seen = new HashSet<>();
        List<Diagnostic> found = new ArrayList<>(parsed.problems());
        for (ParsedObject object : parsed.objects()) {
            ObjectKey key = object.config().key();
            Config<?> before = good.get(key);
            found.addAll(object.problems());
            if (!seen.add(key)) {
                found.add(twice(object.config()));
            }
            if (object.valid()) {
                now = now.with(key, object.config());
            } else if (before != null && !now.contains(key)) {
                now = now.with(key, before);
            }
        }
        if (parsed.incomplete()) {
            for (ObjectKey key : good.keys()) {
                Config<?> before = good.get(key);
                if (before != null && !seen.contains(key)) {
                    now = now.with(key, before);
                }
            }
        }
        found.sort(Comparator.comparingInt(problem -> problem.origin().line()));
        return new DocumentState(now, found);
    }

    private static Diagnostic twice(Config<?> config) {
        return new Diagnostic(
                Severity.WARNING,
                "FL0007",
                config.origin(),
                config.key().toString(),
                "",
                "is in this file twice; the last counts");
    }
}
