package io.flotilla.cli;

import io.flotilla.config.model.Kind;
import io.flotilla.config.object.KindCatalog;
import io.flotilla.config.object.KindInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The names by which users call kinds: singular, plural, short, with or without group. */
final class KindNames {
    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("vs", "virtualservice"),
            Map.entry("dr", "destinationrule"),
            Map.entry("gw", "gateway"),
            Map.entry("se", "serviceentry"),
            Map.entry("pa", "peerauthentication"),
            Map.entry("svc", "service"),
            Map.entry("ep", "endpoints"),
            Map.entry("po", "pod"),
            Map.entry("deploy", "deployment"),
            Map.entry("sts", "statefulset"),
            Map.entry("ds", "daemonset"),
            Map.entry("rs", "replicaset"),
            Map.entry("ns", "namespace"),
            Map.entry("sa", "serviceaccount"),
            Map.entry("cm", "configmap"),
            Map.entry("no", "node"));

    private KindNames() {}

    /** The kind that a user means; "gateway" alone is Istio's, as in istioctl, and today's before that of 1.1. */
    static Kind kind(String word) {
        String wanted = word.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        String name = dot < 0 ? wanted : wanted.substring(0, dot);
        String group = dot < 0 ? "" : wanted.substring(dot + 1);
        String full = SHORT.getOrDefault(name, name);
        List<Kind> found = KindCatalog.all().stream()
                .map(KindInfo::kind)
                .filter(kind -> names(kind).contains(full))
                .filter(kind -> group.isEmpty() || kind.group().equals(group))
                .toList();
        if (found.isEmpty()) {
            throw CommandFailure.couldNotRun("there is no kind \"" + word + "\"; kinds are: "
                    + String.join(
                            ", ",
                            KindCatalog.all().stream()
                                    .map(info -> info.kind().name().toLowerCase(Locale.ROOT))
                                    .sorted()
                                    .distinct()
                                    .toList()));
        }
        return found.stream()
                .filter(kind -> kind.group().endsWith("istio.io"))
                .min(Comparator.comparing(kind -> kind.equals(Kind.CLASSIC_AUTHORIZATION_POLICY)))
                .orElse(found.getFirst());
    }

    private static List<String> names(Kind kind) {
        String name = kind.name().toLowerCase(Locale.ROOT);
        String plural = name.endsWith("s")
                ? name + "es"
                : name.endsWith("y") ? name.substring(0, name.length() - 1) + "ies" : name + "s";
        return List.of(name, plural);
    }
}
