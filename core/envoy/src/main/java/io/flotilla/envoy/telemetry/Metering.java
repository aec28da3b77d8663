package io.flotilla.envoy.telemetry;

import com.google.protobuf.Duration;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.telemetry.v1alpha1.MetricSelector;
import io.flotilla.api.telemetry.v1alpha1.MetricSelector.IstioMetric;
import io.flotilla.api.telemetry.v1alpha1.Metrics;
import io.flotilla.api.telemetry.v1alpha1.MetricsOverrides;
import io.flotilla.api.telemetry.v1alpha1.MetricsOverrides.TagOverride;
import io.flotilla.api.telemetry.v1alpha1.ProviderRef;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.api.telemetry.v1alpha1.WorkloadMode;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the levels of Telemetry say of metrics, one after the other: what a later level says of a metric or of a tag takes
 * the place of what an earlier one said. Providers of the last level that names some say who gets metrics; Mixer's are
 * those of Prometheus, and there are none where it is not among them.
 */
final class Metering {
    private static final String PROMETHEUS = "prometheus";
    private static final Map<String, IstioMetric> BY_NAME = Map.of(
            "requests_total", IstioMetric.REQUEST_COUNT,
            "request_duration_milliseconds", IstioMetric.REQUEST_DURATION,
            "request_bytes", IstioMetric.REQUEST_SIZE,
            "response_bytes", IstioMetric.RESPONSE_SIZE,
            "tcp_connections_opened_total", IstioMetric.TCP_OPENED_CONNECTIONS,
            "tcp_connections_closed_total", IstioMetric.TCP_CLOSED_CONNECTIONS,
            "tcp_sent_bytes_total", IstioMetric.TCP_SENT_BYTES,
            "tcp_received_bytes_total", IstioMetric.TCP_RECEIVED_BYTES);

    private final Set<String> ours = new HashSet<>(Set.of(PROMETHEUS));
    private final Set<IstioMetric> off = EnumSet.noneOf(IstioMetric.class);
    private final Map<IstioMetric, SortedMap<String, TagOverride>> tags = new EnumMap<>(IstioMetric.class);
    private final boolean server;
    private Optional<Duration> interval = Optional.empty();

    private Metering(MeshConfig mesh, boolean server) {
        this.server = server;
        mesh.getExtensionProvidersList().forEach(provider -> {
            if (provider.hasPrometheus()) {
                ours.add(provider.getName());
            } else {
                ours.remove(provider.getName());
            }
        });
    }

    static Metered of(MeshConfig mesh, List<Telemetry> levels, boolean server) {
        Metering metering = new Metering(mesh, server);
        Set<String> named = new HashSet<>(mesh.getDefaultProviders().getMetricsList());
        for (Telemetry level : levels) {
            Set<String> here = new HashSet<>();
            level.getMetricsList().forEach(each -> each.getProvidersList().forEach(one -> here.add(one.getName())));
            named = here.isEmpty() ? named : here;
        }
        levels.forEach(level -> level.getMetricsList().forEach(metering::add));
        if (!named.isEmpty() && named.stream().noneMatch(metering.ours::contains)) {
            metering.off.addAll(Metered.HTTP);
            metering.off.addAll(Metered.TCP);
        }
        return new Metered(metering.off, metering.tags, metering.interval);
    }

    /** A metric that is named by itself: "istio_requests_total" or "requests_total"; empty where there is none such. */
    static Optional<IstioMetric> byName(String name) {
        return Optional.ofNullable(BY_NAME.get(name.startsWith("istio_") ? name.substring("istio_".length()) : name));
    }

    private void add(Metrics metrics) {
        if (metrics.hasReportingInterval()) {
            interval = Optional.of(metrics.getReportingInterval());
        }
        boolean meant = metrics.getProvidersCount() == 0
                || metrics.getProvidersList().stream().map(ProviderRef::getName).anyMatch(ours::contains);
        if (meant) {
            metrics.getOverridesList().forEach(this::add);
        }
    }

    private void add(MetricsOverrides override) {
        WorkloadMode mode = override.getMatch().getMode();
        if (mode != WorkloadMode.CLIENT_AND_SERVER && (mode == WorkloadMode.SERVER) != server) {
            return;
        }
        for (IstioMetric metric : meant(override.getMatch())) {
            if (override.getDisabled().getValue()) {
                off.add(metric);
            } else if (override.hasDisabled()) {
                off.remove(metric);
            }
            tags.computeIfAbsent(metric, key -> new TreeMap<>()).putAll(override.getTagOverridesMap());
        }
    }

    private static Set<IstioMetric> meant(MetricSelector match) {
        if (match.hasCustomMetric()) {
            return byName(match.getCustomMetric()).map(Set::of).orElse(Set.of());
        }
        if (match.getMetric() == IstioMetric.ALL_METRICS) {
            Set<IstioMetric> all = EnumSet.copyOf(Metered.HTTP);
            all.addAll(Metered.TCP);
            return all;
        }
        return Metered.HTTP.contains(match.getMetric()) || Metered.TCP.contains(match.getMetric())
                ? Set.of(match.getMetric())
                : Set.of();
    }
}
