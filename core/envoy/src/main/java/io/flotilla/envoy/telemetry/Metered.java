package io.flotilla.envoy.telemetry;

import com.google.protobuf.Duration;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import io.flotilla.api.telemetry.v1alpha1.MetricSelector.IstioMetric;
import io.flotilla.api.telemetry.v1alpha1.MetricsOverrides.TagOverride;
import io.flotilla.envoy.NewerFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What Telemetry changes of one side's metrics. Mixer makes these from the log, so each entry of the log tells it, by
 * custom tags: {@value #OFF} has the metrics in which it does not count; "{@value #DROP}TAG" those that go without a tag;
 * {@value #WANTED} lists tags that are set, as "METRICS/TAG;...", and "{@value #SET}METRICS/TAG" is the value of one, which
 * Envoy computes (CEL) and leaves out where there is none. Metrics are named as in Telemetry, several joined by a comma.
 *
 * @param off      metrics that are not made
 * @param tags     by metric, then by tag
 * @param interval between reports of one TCP connection; Istio's where absent
 */
public record Metered(
        Set<IstioMetric> off, Map<IstioMetric, SortedMap<String, TagOverride>> tags, Optional<Duration> interval) {
    /** All metrics with their usual tags. */
    public static final Metered USUAL = new Metered(Set.of(), Map.of(), Optional.empty());

    /** Those of requests. */
    static final Set<IstioMetric> HTTP = Collections.unmodifiableSet(EnumSet.of(
            IstioMetric.REQUEST_COUNT,
            IstioMetric.REQUEST_DURATION,
            IstioMetric.REQUEST_SIZE,
            IstioMetric.RESPONSE_SIZE));

    /** Those of connections. */
    static final Set<IstioMetric> TCP = Collections.unmodifiableSet(EnumSet.of(
            IstioMetric.TCP_OPENED_CONNECTIONS,
            IstioMetric.TCP_CLOSED_CONNECTIONS,
            IstioMetric.TCP_SENT_BYTES,
            IstioMetric.TCP_RECEIVED_BYTES));

    static final String OFF = "flotilla.metrics/off";
    static final String DROP = "flotilla.metrics/drop/";
    static final String WANTED = "flotilla.metrics/set";
    static final String SET = "flotilla.metrics/set/";

    public Metered {
        Map<IstioMetric, SortedMap<String, TagOverride>> copy = new TreeMap<>();
        tags.forEach((metric, each) -> copy.put(metric, Collections.unmodifiableSortedMap(new TreeMap<>(each))));
        off = Set.copyOf(off);
        tags = Collections.unmodifiableMap(copy);
    }

    /** A custom tag that Envoy fills in, in the language of its access logs. */
    static CustomTag filled(String name, String format) {
        CustomTag.Builder tag = CustomTag.newBuilder().setTag(name);
        NewerFields.value(tag, format);
        return tag.build();
    }

    /** What a log of requests, or of connections, tells of it; sorted. */
    public List<CustomTag> told(boolean http) {
        Set<IstioMetric> all = http ? HTTP : TCP;
        List<CustomTag> told = new ArrayList<>();
        Set<IstioMetric> none = kept(all, off);
        if (!none.isEmpty()) {
            told.add(literal(OFF, names(none)));
        }
        SortedMap<String, Set<IstioMetric>> dropped = new TreeMap<>();
        SortedMap<String, SortedMap<String, Set<IstioMetric>>> set = new TreeMap<>();
        tags.forEach((metric, changes) -> {
            if (all.contains(metric) && !off.contains(metric)) {
                changes.forEach((tag, change) -> {
                    if (change.getOperation() == TagOverride.Operation.REMOVE) {
                        dropped.computeIfAbsent(tag, key -> EnumSet.noneOf(IstioMetric.class))
                                .add(metric);
                    } else {
                        Expressions.known(change.getValue())
                                .ifPresent(value -> set.computeIfAbsent(tag, key -> new TreeMap<>())
                                        .computeIfAbsent(value, key -> EnumSet.noneOf(IstioMetric.class))
                                        .add(metric));
                    }
                });
            }
        });
        dropped.forEach((tag, metrics) -> told.add(literal(DROP + tag, names(metrics))));
        SortedMap<String, String> wanted = new TreeMap<>();
        set.forEach((tag, values) ->
                values.forEach((value, metrics) -> wanted.put(names(metrics) + "/" + tag, "%CEL(" + value + ")%")));
        if (!wanted.isEmpty()) {
            told.add(literal(WANTED, String.join(";", wanted.keySet())));
        }
        wanted.forEach((name, format) -> told.add(filled(SET + name, format)));
        return told;
    }

    private static Set<IstioMetric> kept(Set<IstioMetric> all, Set<IstioMetric> of) {
        Set<IstioMetric> kept = EnumSet.copyOf(all);
        kept.retainAll(of);
        return kept;
    }

    private static String names(Set<IstioMetric> metrics) {
        return EnumSet.copyOf(metrics).stream().map(IstioMetric::name).collect(Collectors.joining(","));
    }

    private static CustomTag literal(String name, String value) {
        return CustomTag.newBuilder()
                .setTag(name)
                .setLiteral(CustomTag.Literal.newBuilder().setValue(value))
                .build();
    }
}
