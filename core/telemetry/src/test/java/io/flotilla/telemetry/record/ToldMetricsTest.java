package io.flotilla.telemetry.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flotilla.api.events.v1.Metric;
import io.flotilla.api.events.v1.MetricChanges;
import io.flotilla.api.events.v1.TagChange;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a log says of the metrics in which it counts. */
class ToldMetricsTest {
    private static MetricChanges told(String... tags) {
        Map<String, String> map = new java.util.TreeMap<>();
        for (int i = 0; i < tags.length; i += 2) {
            map.put(tags[i], tags[i + 1]);
        }
        return ToldMetrics.of(map).orElse(MetricChanges.getDefaultInstance());
    }

    @Test
    void tagsOfALogAreChangesOfMetrics() {
        MetricChanges changes = told(
                "flotilla.metrics/off",
                "REQUEST_SIZE,RESPONSE_SIZE,SOMETHING_NEW",
                "flotilla.metrics/drop/source_app",
                "REQUEST_COUNT",
                "flotilla.metrics/set",
                "REQUEST_COUNT,REQUEST_DURATION/path.of",
                "flotilla.metrics/set/REQUEST_COUNT,REQUEST_DURATION/path.of",
                "/a/b",
                "x-flotilla-peer",
                "default/client");
        assertThat(changes.getDisabledList()).containsExactly(Metric.REQUEST_SIZE, Metric.RESPONSE_SIZE);
        assertThat(changes.getTagsList())
                .containsExactly(
                        TagChange.newBuilder()
                                .addMetrics(Metric.REQUEST_COUNT)
                                .setTag("source_app")
                                .setRemoved(true)
                                .build(),
                        TagChange.newBuilder()
                                .addMetrics(Metric.REQUEST_COUNT)
                                .addMetrics(Metric.REQUEST_DURATION)
                                .setTag("path_of")
                                .setValue("/a/b")
                                .build());
    }

    @Test
    void aValueThatEnvoyDoesNotHaveIsNone() {
        assertThat(told(
                                "flotilla.metrics/set",
                                "REQUEST_COUNT/a;REQUEST_SIZE/b",
                                "flotilla.metrics/set/REQUEST_SIZE/b",
                                "-")
                        .getTagsList())
                .extracting(TagChange::getTag, TagChange::getValue)
                .containsExactly(tuple("a", ""), tuple("b", ""));
    }

    @Test
    void namesThatPrometheusKeepsForItselfAreNoTags() {
        assertThat(told(
                        "flotilla.metrics/set",
                        "REQUEST_COUNT/le;REQUEST_COUNT/__name__;REQUEST_COUNT/1st;REQUEST_COUNT/"))
                .isEqualTo(MetricChanges.getDefaultInstance());
    }

    @Test
    void usuallyNothingIsSaid() {
        assertThat(ToldMetrics.of(Map.of("x-flotilla-peer", "default/client"))).isEmpty();
        assertThat(ToldMetrics.of(Map.of())).isEmpty();
    }
}
