package io.flotilla.telemetry.metric;

import io.flotilla.api.events.v1.Metric;
import io.flotilla.api.events.v1.MetricChanges;
import io.flotilla.api.events.v1.TagChange;
import io.flotilla.config.mixer.VerifiedLabels;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Where a record counts that Telemetry says something of: metrics with the same labels are one series. */
final class ChangedLabels {
    private ChangedLabels() {}

    /**
     * Label sets and what counts under them; empty where the record counts in nothing.
     *
     * @param usual  labels without any change
     * @param metrics all that a record of this kind counts in
     */
    static Map<LabelSet, Set<Metric>> of(MetricChanges changes, LabelSet usual, Set<Metric> metrics) {
        Map<LabelSet, Set<Metric>> where = new LinkedHashMap<>();
        for (Metric metric : metrics) {
            if (!changes.getDisabledList().contains(metric)) {
                where.computeIfAbsent(labels(changes, usual, metric), key -> EnumSet.noneOf(Metric.class))
                        .add(metric);
            }
        }
        return where;
    }

    private static LabelSet labels(MetricChanges changes, LabelSet usual, Metric metric) {
        Map<String, String> labels = new LinkedHashMap<>();
        List<String> values = usual.values();
        for (int i = 0; i < values.size(); i++) {
            labels.put(usual.names().get(i), values.get(i));
        }
        Map<String, String> more = new TreeMap<>();
        boolean changed = false;
        for (TagChange tag : changes.getTagsList()) {
            boolean relabels = !tag.getRemoved() && VerifiedLabels.contains(tag.getTag());
            if (relabels || !tag.getMetricsList().contains(metric)) {
                continue;
            }
            changed = true;
            String value = IstioLabels.known(tag.getValue());
            if (tag.getRemoved()) {
                labels.remove(tag.getTag());
            } else if (labels.replace(tag.getTag(), value) == null) {
                more.put(tag.getTag(), value);
            }
        }
        labels.putAll(more);
        return changed
                ? new LabelSet(List.copyOf(labels.keySet()), labels.values().toArray(String[]::new))
                : usual;
    }
}
