package io.flotilla.galley.kubernetes;

import io.flotilla.config.model.Kind;
import io.flotilla.config.object.KindCatalog;
import io.flotilla.config.object.KindInfo;
import io.flotilla.galley.kubernetes.Target.Only;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of the kinds that a cluster serves are read, and in which version. */
final class Interests {
    private static final Set<Kind> PLATFORM = Set.of(
            Kind.SERVICE,
            Kind.ENDPOINTS,
            Kind.ENDPOINT_SLICE,
            Kind.POD,
            Kind.NODE,
            Kind.NAMESPACE,
            new Kind("networking.k8s.io", "Ingress"),
            new Kind("networking.k8s.io", "IngressClass"));
    private static final Pattern VERSION = Pattern.compile("v(\\d+)(?:(alpha|beta)(\\d+))?");
    private static final int STABLE = 2;

    private Interests() {}

    /**
     * One kind in one version, as the cluster's discovery tells it.
     *
     * @param plural as it stands in paths
     */
    record Served(Kind kind, String version, String plural, boolean namespaced) {}

    /** A group of the API may hold something that is read. */
    static boolean mayBe(String group) {
        return group.endsWith(".istio.io")
                || group.equals("gateway.networking.k8s.io")
                || PLATFORM.stream().anyMatch(kind -> kind.group().equals(group));
    }

    /**
     * What is read of what is served, sorted.
     *
     * @param meshConfig the ConfigMaps of the mesh, each by its name
     */
    static List<Target> targets(List<Served> served, List<Only> meshConfig) {
        Map<Kind, Served> best = new TreeMap<>();
        Set<Kind> kinds = new HashSet<>();
        served.forEach(each -> kinds.add(each.kind()));
        for (Served each : served) {
            if (isRead(each.kind(), kinds) && known(each)) {
                best.merge(each.kind(), each, (one, other) -> newer(one, other) ? one : other);
            }
        }
        List<Target> targets = new ArrayList<>();
        best.values().forEach(each -> targets.add(target(each, Only.ALL)));
        served.stream()
                .filter(each -> each.kind().equals(Kind.CONFIG_MAP))
                .forEach(each -> meshConfig.forEach(only -> targets.add(target(each, only))));
        targets.sort(Comparator.comparing(Target::id));
        return List.copyOf(targets);
    }

    private static Target target(Served served, Only only) {
        return new Target(served.kind(), served.version(), served.plural(), served.namespaced(), only);
    }

    private static boolean isRead(Kind kind, Set<Kind> served) {
        // A cluster mirrors Endpoints into slices.
        if (kind.equals(Kind.ENDPOINTS) && served.contains(Kind.ENDPOINT_SLICE)) {
            return false;
        }
        return PLATFORM.contains(kind)
                || kind.group().endsWith(".istio.io")
                || kind.group().equals("gateway.networking.k8s.io");
    }

    private static boolean known(Served served) {
        String apiVersion = served.kind().group().isEmpty()
                ? served.version()
                : served.kind().group() + "/" + served.version();
        Optional<KindInfo> info = KindCatalog.find(apiVersion, served.kind().name());
        return info.isPresent() && !(info.get().shape() instanceof KindInfo.Shape.NotYet);
    }

    private static boolean newer(Served one, Served other) {
        return Comparator.<int[]>comparingInt(rank -> rank[0])
                        .thenComparingInt(rank -> rank[1])
                        .thenComparingInt(rank -> rank[2])
                        .compare(rank(one.version()), rank(other.version()))
                > 0;
    }

    /** Stable before beta before alpha, then by number. */
    private static int[] rank(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            return new int[] {-1, 0, 0};
        }
        String stage = parts.group(2);
        int level = stage == null ? STABLE : stage.equals("beta") ? 1 : 0;
        int number = stage == null ? 0 : Integer.parseInt(parts.group(3));
        return new int[] {level, Integer.parseInt(parts.group(1)), number};
    }
}
