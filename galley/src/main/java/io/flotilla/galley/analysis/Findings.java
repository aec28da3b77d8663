package io.flotilla.galley.analysis;

import io.flotilla.config.model.Diagnostic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What analysis found at one moment, also told to every bean that observes it.
 *
 * @param generation of what was analysed
 * @param all        in the order of files and lines
 */
public record Findings(String generation, List<Diagnostic> all) {
    static final Findings NONE = new Findings("", List.of());

    public Findings {
        all = List.copyOf(all);
    }

    /** By object, as diagnostics name it: "VirtualService default/reviews". */
    public Map<String, List<Diagnostic>> byObject() {
        Map<String, List<Diagnostic>> byObject = new TreeMap<>();
        all.forEach(found -> byObject.computeIfAbsent(found.object(), object -> new ArrayList<>())
                .add(found));
        return Collections.unmodifiableMap(byObject);
    }

    /** Objects of which something else is found than in {@code before}. */
    public Set<String> differing(Findings before) {
        Map<String, List<Diagnostic>> now = byObject();
        Map<String, List<Diagnostic>> then = before.byObject();
        Set<String> objects = new HashSet<>(now.keySet());
        objects.addAll(then.keySet());
        objects.removeIf(object -> now.getOrDefault(object, List.of()).equals(then.getOrDefault(object, List.of())));
        return objects;
    }
}
