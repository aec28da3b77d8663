package io.flotilla.envoy.telemetry;

import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.telemetry.v1alpha1.AccessLogging;
import io.flotilla.api.telemetry.v1alpha1.MetricSelector;
import io.flotilla.api.telemetry.v1alpha1.MetricsOverrides;
import io.flotilla.api.telemetry.v1alpha1.MetricsOverrides.TagOverride;
import io.flotilla.api.telemetry.v1alpha1.ProviderRef;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.api.telemetry.v1alpha1.Tracing;
import io.flotilla.api.telemetry.v1alpha1.WorkloadMode;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Targeting;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.patch.Untranslated;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The Telemetry that holds for a proxy: of the mesh, of its namespace, of the workload itself. What a later one says
 * takes the place of what an earlier one said; of several on one level the oldest holds.
 */
public final class Observations {
    private Observations() {}

    /** What one side writes. */
    public static Observation of(Scope scope, boolean server) {
        MeshConfig mesh = scope.snapshot().extensions().mesh();
        List<Telemetry> levels = levels(scope).stream().map(Config::spec).toList();
        if (levels.isEmpty() && mesh.equals(MeshConfig.getDefaultInstance())) {
            return Observation.NONE;
        }
        Observation.Trace trace = trace(mesh, levels, server);
        return new Observation(
                logs(mesh, levels, server),
                !mesh.getDisableEnvoyListenerLog(),
                trace,
                Metering.of(mesh, levels, server),
                trace.provider()
                        .map(provider ->
                                SpanService.of(provider, mesh.getDefaultConfig().getTracingServiceName(), scope.view()))
                        .orElse(SpanService.NONE));
    }

    /** Labels of workloads that some Telemetry for the namespace looks at, or some provider is told. */
    public static Set<String> labels(Scope scope) {
        Set<String> names = new TreeSet<>();
        if (scope.snapshot().extensions().mesh().getExtensionProvidersList().stream()
                .anyMatch(ExtensionProvider::hasOpentelemetry)) {
            names.addAll(SpanService.LABELS);
        }
        for (Config<Telemetry> each :
                scope.snapshot().extensions().telemetry(scope.view().namespace())) {
            Targeting targeting = targeting(each);
            names.addAll(targeting.selector().keySet());
            if (!targeting.targets().isEmpty()) {
                names.add(Targeting.GATEWAY_LABEL);
                names.add(Targeting.CLASS_LABEL);
            }
        }
        return names;
    }

    /** Parts of Telemetry that the proxy is not told. */
    public static List<Untranslated> problems(Scope scope) {
        Map<String, ExtensionProvider> providers =
                providers(scope.snapshot().extensions().mesh());
        List<Untranslated> problems = new ArrayList<>();
        for (Config<Telemetry> each : levels(scope)) {
            each.spec()
                    .getMetricsList()
                    .forEach(metrics ->
                            metrics.getOverridesList().forEach(override -> metric(each, override, problems)));
            each.spec().getAccessLoggingList().stream()
                    .map(logging -> logging.getFilter().getExpression())
                    .filter(expression -> !Expressions.computed(expression))
                    .forEach(expression -> problems.add(new Untranslated(
                            each.key(),
                            "spec.accessLogging",
                            "is not written, since Envoy does not compute its filter \"" + expression + "\"")));
            List<ProviderRef> named = new ArrayList<>();
            each.spec().getTracingList().forEach(tracing -> named.addAll(tracing.getProvidersList()));
            each.spec().getAccessLoggingList().forEach(logging -> named.addAll(logging.getProvidersList()));
            for (ProviderRef provider : named) {
                if (!providers.containsKey(provider.getName())) {
                    problems.add(new Untranslated(
                            each.key(),
                            "spec",
                            "provider \"" + provider.getName() + "\" is not among MeshConfig's extensionProviders"));
                }
            }
        }
        return problems;
    }

    private static void metric(Config<Telemetry> of, MetricsOverrides override, List<Untranslated> problems) {
        MetricSelector match = override.getMatch();
        if (match.hasCustomMetric() && Metering.byName(match.getCustomMetric()).isEmpty()) {
            problems.add(new Untranslated(
                    of.key(), "spec.metrics", "Mixer makes no metric \"" + match.getCustomMetric() + "\""));
        }
        override.getTagOverridesMap().forEach((name, tag) -> {
            boolean unknown = tag.getOperation() == TagOverride.Operation.UPSERT
                    && Expressions.known(tag.getValue()).isEmpty();
            if (unknown) {
                problems.add(new Untranslated(
                        of.key(),
                        "spec.metrics",
                        "tag \"" + name + "\" is left as it is, since Envoy does not compute \"" + tag.getValue()
                                + "\""));
            }
        });
    }

    private static Targeting targeting(Config<Telemetry> config) {
        Telemetry spec = config.spec();
        return new Targeting(
                spec.getSelector().getMatchLabelsMap(),
                spec.hasTargetRef() ? List.of(spec.getTargetRef()) : spec.getTargetRefsList());
    }

    private static List<Config<Telemetry>> levels(Scope scope) {
        ProxyView view = scope.view();
        List<Config<Telemetry>> all = scope.snapshot().extensions().telemetry(view.namespace());
        String root = scope.settings().rootNamespace();
        List<Config<Telemetry>> levels = new ArrayList<>();
        first(all, each -> each.namespace().equals(root) && targeting(each).everyone(), levels);
        if (!view.namespace().equals(root)) {
            first(all, each -> !each.namespace().equals(root) && targeting(each).everyone(), levels);
        }
        first(
                all,
                each -> each.namespace().equals(view.namespace())
                        && !targeting(each).everyone()
                        && targeting(each).covers(view.labels(), true),
                levels);
        return levels;
    }

    private static void first(
            List<Config<Telemetry>> all, Predicate<Config<Telemetry>> wanted, List<Config<Telemetry>> levels) {
        all.stream().filter(wanted).findFirst().ifPresent(levels::add);
    }

    private static boolean fits(WorkloadMode mode, boolean server) {
        return mode == WorkloadMode.CLIENT_AND_SERVER || (mode == WorkloadMode.SERVER) == server;
    }

    /** By name; "envoy" is a file without being declared. */
    private static Map<String, ExtensionProvider> providers(MeshConfig mesh) {
        Map<String, ExtensionProvider> providers = new TreeMap<>();
        providers.put(LogFiles.NAME, LogFiles.provider(mesh));
        Providers.of(mesh).forEach(provider -> providers.put(provider.getName(), provider));
        return providers;
    }

    private static List<Observation.Log> logs(MeshConfig mesh, List<Telemetry> levels, boolean server) {
        Map<String, String> filters = new LinkedHashMap<>();
        mesh.getDefaultProviders().getAccessLoggingList().forEach(name -> filters.put(name, ""));
        if (filters.isEmpty() && !mesh.getAccessLogFile().isEmpty()) {
            filters.put(LogFiles.NAME, "");
        }
        for (Telemetry level : levels) {
            List<AccessLogging> entries = level.getAccessLoggingList().stream()
                    .filter(entry -> fits(entry.getMatch().getMode(), server))
                    .toList();
            if (entries.stream().anyMatch(entry -> entry.getProvidersCount() > 0)) {
                Set<String> named = new TreeSet<>();
                entries.forEach(entry -> entry.getProvidersList().forEach(each -> named.add(each.getName())));
                filters.keySet().retainAll(named);
                named.forEach(name -> filters.putIfAbsent(name, ""));
            }
            entries.forEach(entry -> apply(entry, filters));
        }
        Map<String, ExtensionProvider> providers = providers(mesh);
        List<Observation.Log> logs = new ArrayList<>();
        filters.forEach((name, filter) -> {
            ExtensionProvider provider = providers.get(name);
            if (provider != null && Expressions.computed(filter)) {
                logs.add(new Observation.Log(provider, filter));
            }
        });
        return logs;
    }

    private static void apply(AccessLogging entry, Map<String, String> filters) {
        List<String> meant = entry.getProvidersCount() == 0
                ? List.copyOf(filters.keySet())
                : entry.getProvidersList().stream().map(ProviderRef::getName).toList();
        for (String name : meant) {
            if (entry.getDisabled().getValue()) {
                filters.remove(name);
            } else if (entry.hasFilter() || entry.hasDisabled()) {
                filters.put(name, entry.getFilter().getExpression());
            }
        }
    }

    private static Observation.Trace trace(MeshConfig mesh, List<Telemetry> levels, boolean server) {
        Map<String, ExtensionProvider> providers = providers(mesh);
        Observation.Trace trace = Observation.NONE.tracing();
        Optional<ExtensionProvider> provider = mesh.getDefaultProviders().getTracingList().stream()
                .flatMap(name -> Optional.ofNullable(providers.get(name)).stream())
                .findFirst()
                .or(() -> Providers.named(mesh));
        io.flotilla.api.mesh.v1alpha1.Tracing said = mesh.getDefaultConfig().getTracing();
        trace = new Observation.Trace(
                provider,
                trace.sampling(),
                trace.off(),
                new Observation.Tags(
                        Map.of(),
                        !said.hasEnableIstioTags() || said.getEnableIstioTags().getValue()),
                trace.requestId(),
                trace.alone());
        List<Tracing> entries = levels.stream()
                .flatMap(level -> level.getTracingList().stream())
                .filter(tracing -> fits(tracing.getMatch().getMode(), server))
                .toList();
        for (Tracing tracing : entries) {
            trace = after(trace, tracing, providers);
        }
        return entries.isEmpty() && switchedOff(mesh) ? trace.silent() : trace;
    }

    /** As Istio: enableTracing: false holds where neither a Telemetry nor defaultProviders speak of tracing. */
    private static boolean switchedOff(MeshConfig mesh) {
        return mesh.hasEnableTracing()
                && !mesh.getEnableTracing()
                && mesh.getDefaultProviders().getTracingCount() == 0;
    }

    private static Observation.Trace after(
            Observation.Trace before, Tracing tracing, Map<String, ExtensionProvider> providers) {
        Optional<ExtensionProvider> named = tracing.getProvidersList().stream()
                .flatMap(each -> Optional.ofNullable(providers.get(each.getName())).stream())
                .findFirst();
        return new Observation.Trace(
                named.or(before::provider),
                tracing.hasRandomSamplingPercentage()
                        ? Optional.of(tracing.getRandomSamplingPercentage().getValue())
                        : before.sampling(),
                tracing.hasDisableSpanReporting()
                        ? tracing.getDisableSpanReporting().getValue()
                        : before.off(),
                new Observation.Tags(
                        tracing.getCustomTagsCount() > 0
                                ? tracing.getCustomTagsMap()
                                : before.tags().own(),
                        tracing.hasEnableIstioTags()
                                ? tracing.getEnableIstioTags().getValue()
                                : before.tags().istio()),
                tracing.hasUseRequestIdForTraceSampling()
                        ? tracing.getUseRequestIdForTraceSampling().getValue()
                        : before.requestId(),
                tracing.hasDisableContextPropagation()
                        ? tracing.getDisableContextPropagation().getValue()
                        : before.alone());
    }
}
