package io.flotilla.envoy.wasm;

import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin.TrafficSelector;
import io.flotilla.api.type.v1beta1.WorkloadMode;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Targeting;
import io.flotilla.envoy.Scope;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which WasmPlugins are for a proxy, in the order in which a request meets those of one phase. */
public final class Choice {
    private static final Comparator<Config<WasmPlugin>> ORDER = Comparator.<Config<WasmPlugin>>comparingInt(
                    config -> -config.spec().getPriority().getValue())
            .thenComparing(Config::namespace)
            .thenComparing(Config::name);

    private Choice() {}

    /** All of the root namespace and of the proxy's own that choose it, the highest priority first. */
    static List<Config<WasmPlugin>> of(Scope scope) {
        String own = scope.view().namespace();
        return scope.snapshot().extensions().wasmPlugins(own).stream()
                .filter(config -> targeting(config)
                        .covers(scope.view().labels(), config.namespace().equals(own)))
                .sorted(ORDER)
                .toList();
    }

    /** Labels of workloads that some plugin for the namespace looks at. */
    public static Set<String> labels(Scope scope) {
        Set<String> names = new TreeSet<>();
        for (Config<WasmPlugin> each :
                scope.snapshot().extensions().wasmPlugins(scope.view().namespace())) {
            Targeting targeting = targeting(each);
            names.addAll(targeting.selector().keySet());
            if (!targeting.targets().isEmpty()) {
                names.add(Targeting.GATEWAY_LABEL);
                names.add(Targeting.CLASS_LABEL);
            }
        }
        return names;
    }

    /**
     * Whether a plugin is for this traffic.
     *
     * @param server the workload is called; an edge calls
     * @param port   of the service outbound, of the application inbound; 0 where nobody knows
     */
    static boolean meant(List<TrafficSelector> matches, boolean server, int port) {
        return matches.isEmpty() || matches.stream().anyMatch(match -> fits(match, server) && fits(match, port));
    }

    private static boolean fits(TrafficSelector match, boolean server) {
        return match.getMode() != (server ? WorkloadMode.CLIENT : WorkloadMode.SERVER);
    }

    private static boolean fits(TrafficSelector match, int port) {
        return match.getPortsCount() == 0 || match.getPortsList().stream().anyMatch(each -> each.getNumber() == port);
    }

    private static Targeting targeting(Config<WasmPlugin> config) {
        WasmPlugin spec = config.spec();
        return new Targeting(
                spec.getSelector().getMatchLabelsMap(),
                spec.hasTargetRef() ? List.of(spec.getTargetRef()) : spec.getTargetRefsList());
    }
}
