package io.flotilla.envoy.authz;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How many of the requests that chance made have what hid a path, a host or a name from policies elsewhere. */
final class OddRequests {
    private static final Map<String, Predicate<Asked>> KINDS = Map.ofEntries(
            Map.entry("//", asked -> path(asked).contains("//")),
            Map.entry("%2F", asked -> path(asked).toUpperCase(Locale.ROOT).contains("%2F")),
            Map.entry("%2e%2e", asked -> path(asked).contains("%2e%2e")),
            Map.entry("/..", asked -> List.of(path(asked).split("/", -1)).contains("..")),
            Map.entry("\\", asked -> path(asked).contains("\\")),
            Map.entry(";", asked -> path(asked).contains(";")),
            Map.entry("#", asked -> asked.path().contains("#")),
            Map.entry("?", asked -> asked.path().contains("?")),
            Map.entry("case of a path", asked -> path(asked).contains("Admin")),
            Map.entry("case of a host", asked -> asked.host().contains("EXAMPLE")),
            Map.entry("port of a host", asked -> asked.host().contains(":")),
            Map.entry("dot at the end of a host", asked -> asked.host().matches(".*\\.(:\\d+)?")),
            Map.entry(
                    "dot in an account",
                    asked -> asked.identity() != null && asked.identity().endsWith("/a.b")),
            Map.entry("header twice", asked -> asked.values().size() > 1),
            Map.entry("header with several values", asked -> asked.values().contains("one,two")));

    private final Map<String, Integer> counts = new TreeMap<>();

    OddRequests() {
        KINDS.keySet().forEach(kind -> counts.put(kind, 0));
    }

    private static String path(Asked asked) {
        return asked.path().split("[?#]", 2)[0];
    }

    void count(Asked asked) {
        KINDS.forEach((kind, has) -> {
            if (has.test(asked)) {
                counts.merge(kind, 1, Integer::sum);
            }
        });
    }

    /** Of each kind. */
    Map<String, Integer> counts() {
        return counts;
    }
}
