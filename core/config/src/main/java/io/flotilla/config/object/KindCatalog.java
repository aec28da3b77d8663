package io.flotilla.config.object;

import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.Spelling;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All kinds, under every API version in which they are written. Each API group has a class of its own that lists its
 * kinds ({@link NetworkingKinds}); a new group is one more class and one more line here.
 */
public final class KindCatalog {
    private static final Map<String, KindInfo> BY_TYPE = new TreeMap<>();
    private static final Map<String, String> HUBS = new TreeMap<>();

    static {
        NetworkingKinds.list().forEach(KindCatalog::add);
        SecurityKinds.list().forEach(KindCatalog::add);
        ExtensionKinds.list().forEach(KindCatalog::add);
        AuthenticationKinds.list().forEach(KindCatalog::add);
        ClassicKinds.list().forEach(KindCatalog::add);
        KubernetesKinds.list().forEach(KindCatalog::add);
        GatewayApiKinds.list().forEach(KindCatalog::add);
        CertManagerKinds.list().forEach(KindCatalog::add);
        LaterKinds.list().forEach(KindCatalog::add);
    }

    private KindCatalog() {}

    /** The kind of an object that says so in "apiVersion" and "kind". */
    public static Optional<KindInfo> find(String apiVersion, String kind) {
        return Optional.ofNullable(BY_TYPE.get(apiVersion + "/" + kind));
    }

    /** The kind whatever the version, by group and name. */
    public static Optional<KindInfo> find(Kind kind) {
        return BY_TYPE.values().stream()
                .filter(info -> info.kind().equals(kind))
                .findFirst();
    }

    /** The API version in which a kind is written: the newest, "networking.istio.io/v1". */
    public static String hubVersion(Kind kind) {
        return HUBS.getOrDefault(kind.toString(), kind.group());
    }

    /** All kinds, each once, sorted. */
    public static Collection<KindInfo> all() {
        Map<String, KindInfo> kinds = new TreeMap<>();
        BY_TYPE.values().forEach(info -> kinds.putIfAbsent(info.kind().toString(), info));
        return kinds.values();
    }

    /** Why nothing is known under this name: the known versions of the kind, or the nearest kind. */
    static String explainUnknown(String apiVersion, String kind) {
        Collection<String> versions = new TreeSet<>();
        Collection<String> names = new TreeSet<>();
        for (String type : BY_TYPE.keySet()) {
            int slash = type.lastIndexOf('/');
            names.add(type.substring(slash + 1));
            if (type.substring(slash + 1).equals(kind)
                    && group(type.substring(0, slash)).equals(group(apiVersion))) {
                versions.add(type.substring(0, slash));
            }
        }
        if (!versions.isEmpty()) {
            return "unknown version \"" + apiVersion + "\" of kind " + kind + "; known are "
                    + String.join(", ", versions);
        }
        return "unknown kind \"" + kind + "\" in \"" + apiVersion + "\"" + Spelling.suggestion(kind, names);
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    private static void add(KnownKind known) {
        Kind kind = known.info().kind();
        if (known.group().equals(kind.group()) && !known.versions().isEmpty()) {
            String newest = known.versions().stream().max(ApiVersions.ORDER).orElseThrow();
            HUBS.putIfAbsent(kind.toString(), kind.group().isEmpty() ? newest : kind.group() + "/" + newest);
        }
        for (String apiVersion : known.apiVersions()) {
            // The first to name a kind has it: what is read is no longer later.
            BY_TYPE.putIfAbsent(apiVersion + "/" + known.info().kind().name(), known.info());
        }
    }
}
