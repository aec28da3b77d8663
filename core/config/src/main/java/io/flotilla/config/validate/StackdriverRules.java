package io.flotilla.config.validate;

import com.google.api.MetricDescriptor.MetricKind;
import com.google.api.MetricDescriptor.ValueType;
import io.flotilla.api.adapter.stackdriver.Params;
import io.flotilla.api.adapter.stackdriver.Params.MetricInfo;
import io.flotilla.config.schema.FieldPath;

/** The adapter stackdriver: metrics, logs and spans. */
final class StackdriverRules {
    private static final String CODE = "FL0435";

    private StackdriverRules() {}

    static void check(Params params, FieldPath at, Check check) {
        AdapterRules.notNegative(params.getPushInterval(), at.field("pushInterval"), check);
        params.getMetricInfoMap()
                .forEach((name, metric) -> metric(metric, at.field("metricInfo").field(name), check));
        params.getLogInfoMap().forEach((name, log) -> {
            FieldPath place = at.field("logInfo").field(name);
            AdapterRules.textTemplate(log.getPayloadTemplate(), place.field("payloadTemplate"), check);
            if (log.hasSinkInfo()) {
                FieldPath sink = place.field("sinkInfo");
                check.require(!log.getSinkInfo().getId().isEmpty(), CODE, sink.field("id"), "is required");
                check.require(
                        !log.getSinkInfo().getDestination().isEmpty(), CODE, sink.field("destination"), "is required");
            }
        });
        AdapterRules.probability(
                params.getTrace().getSampleProbability(), at.field("trace").field("sampleProbability"), check);
    }

    private static void metric(MetricInfo metric, FieldPath at, Check check) {
        check.require(
                metric.getKind() != MetricKind.METRIC_KIND_UNSPECIFIED,
                CODE,
                at.field("kind"),
                "is required: GAUGE, DELTA or CUMULATIVE");
        check.require(
                metric.getValue() != ValueType.VALUE_TYPE_UNSPECIFIED,
                CODE,
                at.field("value"),
                "is required: INT64, DOUBLE, DISTRIBUTION or another type of value");
        if (metric.getValue() == ValueType.DISTRIBUTION) {
            buckets(metric.getBuckets(), at.field("buckets"), check);
        }
    }

    private static void buckets(MetricInfo.BucketsDefinition buckets, FieldPath at, Check check) {
        switch (buckets.getDefinitionCase()) {
            case LINEAR_BUCKETS -> {
                FieldPath linear = at.field("linearBuckets");
                PrometheusRules.finite(buckets.getLinearBuckets().getNumFiniteBuckets(), linear, check);
                PrometheusRules.width(buckets.getLinearBuckets().getWidth(), linear, check);
            }
            case EXPONENTIAL_BUCKETS -> {
                FieldPath exponential = at.field("exponentialBuckets");
                PrometheusRules.finite(buckets.getExponentialBuckets().getNumFiniteBuckets(), exponential, check);
                PrometheusRules.growth(
                        buckets.getExponentialBuckets().getGrowthFactor(),
                        buckets.getExponentialBuckets().getScale(),
                        exponential,
                        check);
            }
            case EXPLICIT_BUCKETS ->
                PrometheusRules.bounds(
                        buckets.getExplicitBuckets().getBoundsList(),
                        at.field("explicitBuckets").field("bounds"),
                        check);
            case DEFINITION_NOT_SET ->
                check.error(CODE, at, "a DISTRIBUTION needs linearBuckets, exponentialBuckets or explicitBuckets");
        }
    }
}
