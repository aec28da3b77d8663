package io.flotilla.config.derive;

import com.google.protobuf.Message;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a translation makes.
 *
 * @param objects  of Istio's kinds, with the origin of what they were made from
 * @param statuses of the objects that were translated, or refused
 * @param problems that hold parts of objects back
 */
public record Derived(List<Config<?>> objects, List<ObjectStatus> statuses, List<Diagnostic> problems) {
    /** Names what an object was made from: "HTTPRoute default/web, HTTPRoute default/shop". */
    public static final String FROM = "flotilla.io/derived-from";

    public static final Derived NOTHING = new Derived(List.of(), List.of(), List.of());

    public Derived {
        objects = List.copyOf(objects);
        statuses = List.copyOf(statuses);
        problems = List.copyOf(problems);
    }

    /** Both. */
    public Derived and(Derived other) {
        List<Config<?>> all = new ArrayList<>(objects);
        all.addAll(other.objects);
        List<ObjectStatus> status = new ArrayList<>(statuses);
        status.addAll(other.statuses);
        List<Diagnostic> found = new ArrayList<>(problems);
        found.addAll(other.problems);
        return new Derived(all, status, found);
    }

    /**
     * An object of a translation: as old as the first of its sources, and written where that is.
     *
     * @param sources at least one, the first first
     */
    public static <T extends Message> Config<T> object(
            Kind kind, String namespace, String name, T spec, List<? extends Config<?>> sources) {
        Config<?> first = sources.getFirst();
        StringBuilder from = new StringBuilder();
        sources.stream()
                .map(source -> source.key().toString())
                .distinct()
                .forEach(source -> from.append(from.isEmpty() ? "" : ", ").append(source));
        Map<String, String> annotations = Map.of(FROM, from.toString());
        return new Config<>(
                ObjectKey.of(kind, namespace, name),
                spec,
                Map.of(),
                annotations,
                first.created(),
                ContentVersion.of(spec, Map.of(), annotations),
                first.origin());
    }
}
