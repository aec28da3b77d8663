package io.flotilla.telemetry.record;

import io.flotilla.api.events.v1.Metric;
import io.flotilla.api.events.v1.MetricChanges;
import io.flotilla.api.events.v1.TagChange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an entry of the log says of the metrics in which it counts, by custom tags that Pilot gives the log where a
 * Telemetry asks for it: "flotilla.metrics/off" holds those in which it does not count, "flotilla.metrics/drop/TAG" those
 * that go without a tag, "flotilla.metrics/set/METRICS/TAG" a tag's value.
 */
final class ToldMetrics {
    private static final String PREFIX = "flotilla.metrics/";
    private static final String OFF = PREFIX + "off";
    private static final String DROP = PREFIX + "drop/";
    private static final String WANTED = PREFIX + "set";
    private static final String SET = PREFIX + "set/";
    // How Envoy writes that there is no value.
    private static final String NOTHING = "-";
    private static final Pattern IMPOSSIBLE = Pattern.compile("[^a-zA-Z0-9_]");
    private static final Pattern RESERVED = Pattern.compile("__.*|[0-9].*|le|quantile|");

    private ToldMetrics() {}

    static Optional<MetricChanges> of(Map<String, String> tags) {
        MetricChanges.Builder changes = MetricChanges.newBuilder();
        changes.addAllDisabled(metrics(tags.getOrDefault(OFF, "")));
        new TreeMap<>(tags).tailMap(DROP).forEach((name, value) -> {
            if (name.startsWith(DROP)) {
                tag(name.substring(DROP.length()), value).ifPresent(tag -> changes.addTags(tag.setRemoved(true)));
            }
        });
        for (String wanted : tags.getOrDefault(WANTED, "").split(";", -1)) {
            int slash = wanted.indexOf('/');
            if (slash > 0) {
                String value = tags.getOrDefault(SET + wanted, NOTHING);
                tag(wanted.substring(slash + 1), wanted.substring(0, slash))
                        .ifPresent(tag -> changes.addTags(tag.setValue(value.equals(NOTHING) ? "" : Texts.cut(value))));
            }
        }
        MetricChanges all = changes.build();
        return all.equals(MetricChanges.getDefaultInstance()) ? Optional.empty() : Optional.of(all);
    }

    // A name that no label can have is made one; what Prometheus keeps for itself is no tag.
    private static Optional<TagChange.Builder> tag(String tag, String metrics) {
        String name = IMPOSSIBLE.matcher(tag).replaceAll("_");
        List<Metric> meant = metrics(metrics);
        return RESERVED.matcher(name).matches() || meant.isEmpty()
                ? Optional.empty()
                : Optional.of(TagChange.newBuilder().setTag(name).addAllMetrics(meant));
    }

    private static List<Metric> metrics(String names) {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric != Metric.METRIC_UNSPECIFIED && metric != Metric.UNRECOGNIZED)
                .filter(metric -> List.of(names.split(",", -1)).contains(metric.name()))
                .toList();
    }
}
