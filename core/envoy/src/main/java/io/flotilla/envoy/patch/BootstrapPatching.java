package io.flotilla.envoy.patch;

import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.config.model.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Patches of bootstraps: EnvoyFilters that apply to BOOTSTRAP. They are applied where a bootstrap is made, since a proxy
 * has it before it knows Pilot; another patch holds from the proxy's next start.
 */
public final class BootstrapPatching {
    private BootstrapPatching() {}

    /**
     * A bootstrap after its patches.
     *
     * @param bootstrap what the proxy starts with
     * @param problems  of patches that were left out since they are no bootstrap
     */
    public record Patched(Bootstrap bootstrap, List<Untranslated> problems) {
        public Patched {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Whose bootstrap it is.
     *
     * @param namespace of the pod
     * @param labels    of the pod
     * @param router    a gateway, not a sidecar
     */
    public record Starting(String namespace, Map<String, String> labels, boolean router) {
        public Starting {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * Applies what concerns a proxy.
     *
     * @param filters in the order in which they are applied: of the root namespace, then of the proxy's own
     */
    public static Patched apply(Bootstrap made, List<Config<EnvoyFilter>> filters, Starting proxy) {
        Map<String, String> metadata = metadata(made);
        List<Untranslated> problems = new ArrayList<>();
        Bootstrap patched = made;
        for (Config<EnvoyFilter> filter : filters) {
            if (filter.spec().getConfigPatchesList().stream().noneMatch(each -> each.getApplyTo() == ApplyTo.BOOTSTRAP)
                    || !PatchesOf.covers(filter, proxy.namespace(), proxy.labels())) {
                continue;
            }
            PatchReader read = PatchReader.read(filter);
            problems.addAll(read.problems());
            for (Patch patch : read.patches()) {
                if (patch.to() == ApplyTo.BOOTSTRAP
                        && patch.merges()
                        && PatchesOf.concerns(patch, proxy.router(), metadata)) {
                    patched = new Merging(patch.operation() == EnvoyFilter.Patch.Operation.MERGE_AND_REPLACE_LIST)
                            .merge(patched, patch.value());
                }
            }
        }
        return new Patched(patched, problems);
    }

    private static Map<String, String> metadata(Bootstrap bootstrap) {
        Map<String, String> metadata = new TreeMap<>();
        bootstrap.getNode().getMetadata().getFieldsMap().forEach((name, value) -> {
            if (value.getKindCase() == Value.KindCase.STRING_VALUE) {
                metadata.put(name, value.getStringValue());
            }
        });
        return metadata;
    }
}
