package io.flotilla.envoy.patch;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.EnvoyConfigObjectPatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.PatchContext;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ProxyMatch;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.Targeting;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which patches concern a proxy: those of the root namespace, then of its own; each by priority, age and name. */
public final class PatchesOf {
    /** Metadata of a node that says which release its proxy is. */
    private static final String VERSION = "ISTIO_VERSION";

    private PatchesOf() {}

    /** What of a node's metadata some patch looks at. */
    public static Map<String, String> metadata(Proxy proxy, MeshSnapshot snapshot) {
        Map<String, String> looked = new TreeMap<>();
        for (Config<EnvoyFilter> filter :
                snapshot.extensions().envoyFilters(proxy.pod().namespace())) {
            for (EnvoyConfigObjectPatch patch : filter.spec().getConfigPatchesList()) {
                ProxyMatch match = patch.getMatch().getProxy();
                match.getMetadataMap().keySet().forEach(key -> look(proxy, key, looked));
                if (!match.getProxyVersion().isEmpty()) {
                    look(proxy, VERSION, looked);
                }
            }
        }
        return looked;
    }

    private static void look(Proxy proxy, String key, Map<String, String> looked) {
        String value = proxy.metadata().get(key);
        if (value != null) {
            looked.put(key, value);
        }
    }

    private record Read(Config<EnvoyFilter> filter) {
        PatchReader read() {
            return PatchReader.read(filter);
        }
    }

    /** The patches for the scope's view, without those in quarantine. */
    public static PatchSet of(Scope scope) {
        ProxyView view = scope.view();
        List<Config<EnvoyFilter>> filters = scope.snapshot().extensions().envoyFilters(view.namespace());
        if (filters.isEmpty()) {
            return PatchSet.NONE;
        }
        List<Patch> patches = new ArrayList<>();
        List<Untranslated> problems = new ArrayList<>();
        for (Config<EnvoyFilter> filter : filters) {
            if (!covers(filter, view.namespace(), view.labels())) {
                continue;
            }
            String refused = scope.quarantine().refused().get(new PatchSource(filter.key(), filter.version()));
            if (refused != null) {
                problems.add(new Untranslated(
                        filter.key(), "spec", "is left out until it is changed, since Envoy refused it: " + refused));
                continue;
            }
            PatchReader read = scope.cache().get(new Read(filter), Read::read);
            read.patches().stream()
                    .filter(patch -> patch.to() != ApplyTo.BOOTSTRAP && concerns(patch, view.router(), view.metadata()))
                    .forEach(patches::add);
            problems.addAll(read.problems());
        }
        return patches.isEmpty() && problems.isEmpty() ? PatchSet.NONE : new PatchSet(patches, problems);
    }

    @SuppressWarnings("deprecation") // the labels of 1.1
    static boolean covers(Config<EnvoyFilter> filter, String namespace, Map<String, String> labels) {
        Map<String, String> selector = new TreeMap<>(filter.spec().getWorkloadLabelsMap());
        selector.putAll(filter.spec().getWorkloadSelector().getLabelsMap());
        return new Targeting(selector, filter.spec().getTargetRefsList())
                .covers(labels, filter.namespace().equals(namespace));
    }

    static boolean concerns(Patch patch, boolean router, Map<String, String> metadata) {
        PatchContext context = patch.match().getContext();
        boolean role = context == PatchContext.ANY
                || (context != PatchContext.WAYPOINT && (context == PatchContext.GATEWAY) == router);
        ProxyMatch match = patch.match().getProxy();
        return role
                && metadata.entrySet().containsAll(match.getMetadataMap().entrySet())
                && (match.getProxyVersion().isEmpty()
                        || matches(match.getProxyVersion(), metadata.getOrDefault(VERSION, "")));
    }

    private static boolean matches(String regex, String version) {
        try {
            return !version.isEmpty() && Pattern.compile(regex).matcher(version).find();
        } catch (PatternSyntaxException refusedByValidation) {
            return false;
        }
    }
}
