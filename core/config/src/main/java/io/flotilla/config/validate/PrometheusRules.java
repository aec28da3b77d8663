package io.flotilla.config.validate;

import io.flotilla.api.adapter.prometheus.Params;
import io.flotilla.api.adapter.prometheus.Params.MetricInfo;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The metrics that the adapter prometheus shows. */
final class PrometheusRules {
    private static final String CODE = "FL0433";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private final Check check;
    private final Set<String> names = new HashSet<>();

    PrometheusRules(Check check) {
        this.check = check;
    }

    void params(Params params, FieldPath at) {
        for (int i = 0; i < params.getMetricsCount(); i++) {
            metric(params.getMetrics(i), at.field("metrics").item(i));
        }
        if (params.hasMetricsExpirationPolicy()) {
            FieldPath policy = at.field("metricsExpirationPolicy");
            check.require(
                    AdapterRules.positive(params.getMetricsExpirationPolicy().getMetricsExpiryDuration()),
                    CODE,
                    policy.field("metricsExpiryDuration"),
                    "must be greater than 0");
            AdapterRules.notNegative(
                    params.getMetricsExpirationPolicy().getExpiryCheckIntervalDuration(),
                    policy.field("expiryCheckIntervalDuration"),
                    check);
        }
    }

    private void metric(MetricInfo metric, FieldPath at) {
        check.require(
                !metric.getInstanceName().isEmpty(),
                CODE,
                at.field("instanceName"),
                "is required: the full name of an instance, NAME.metric.NAMESPACE");
        name(metric.getName(), at.field("name"));
        name(metric.getNamespace(), at.field("namespace"));
        String shown = metric.getName().isEmpty() ? metric.getInstanceName() : metric.getName();
        check.require(
                shown.isEmpty() || names.add(metric.getNamespace() + "/" + shown),
                CODE,
                at.field("name"),
                "\"" + shown + "\" is given twice");
        check.require(
                metric.getKind() != MetricInfo.Kind.UNSPECIFIED,
                CODE,
                at.field("kind"),
                "is required: COUNTER, GAUGE or DISTRIBUTION");
        labels(metric, at.field("labelNames"));
        boolean distribution = metric.getKind() == MetricInfo.Kind.DISTRIBUTION;
        if (distribution) {
            buckets(metric, at.field("buckets"));
        } else if (metric.hasBuckets()) {
            check.warning("FL0461", at.field("buckets"), "has no effect: only a DISTRIBUTION has buckets");
        }
    }

    private void name(String name, FieldPath at) {
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            check.warning(CODE, at, "\"" + name + "\" is no name in Prometheus; other characters become \"_\"");
        }
    }

    private void labels(MetricInfo metric, FieldPath at) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < metric.getLabelNamesCount(); i++) {
            String label = metric.getLabelNames(i);
            FieldPath place = at.item(i);
            check.require(
                    LABEL.matcher(label).matches(), CODE, place, "\"" + label + "\" is no label name of Prometheus");
            check.require(!label.startsWith("__"), CODE, place, "\"" + label + "\" is a name that Prometheus keeps");
            check.require(
                    metric.getKind() != MetricInfo.Kind.DISTRIBUTION || !label.equals("le"),
                    CODE,
                    place,
                    "\"le\" is the label of the buckets");
            check.require(seen.add(label), CODE, place, "\"" + label + "\" is given twice");
        }
    }

    private void buckets(MetricInfo metric, FieldPath at) {
        MetricInfo.BucketsDefinition buckets = metric.getBuckets();
        switch (buckets.getDefinitionCase()) {
            case LINEAR_BUCKETS -> {
                FieldPath linear = at.field("linearBuckets");
                finite(buckets.getLinearBuckets().getNumFiniteBuckets(), linear, check);
                width(buckets.getLinearBuckets().getWidth(), linear, check);
            }
            case EXPONENTIAL_BUCKETS -> {
                FieldPath exponential = at.field("exponentialBuckets");
                finite(buckets.getExponentialBuckets().getNumFiniteBuckets(), exponential, check);
                growth(
                        buckets.getExponentialBuckets().getGrowthFactor(),
                        buckets.getExponentialBuckets().getScale(),
                        exponential,
                        check);
            }
            case EXPLICIT_BUCKETS ->
                bounds(
                        buckets.getExplicitBuckets().getBoundsList(),
                        at.field("explicitBuckets").field("bounds"),
                        check);
            case DEFINITION_NOT_SET ->
                check.error(CODE, at, "a DISTRIBUTION needs linearBuckets, exponentialBuckets or explicitBuckets");
        }
    }

    static void finite(int buckets, FieldPath at, Check check) {
        check.require(buckets > 0, CODE, at.field("numFiniteBuckets"), "must be greater than 0, not " + buckets);
    }

    static void width(double width, FieldPath at, Check check) {
        check.require(width > 0, CODE, at.field("width"), "must be greater than 0, not " + width);
    }

    static void growth(double factor, double scale, FieldPath at, Check check) {
        check.require(factor > 1, CODE, at.field("growthFactor"), "must be greater than 1, not " + factor);
        check.require(scale > 0, CODE, at.field("scale"), "must be greater than 0, not " + scale);
    }

    static void bounds(java.util.List<Double> bounds, FieldPath at, Check check) {
        check.require(!bounds.isEmpty(), CODE, at, "needs a bound");
        for (int i = 1; i < bounds.size(); i++) {
            check.require(
                    bounds.get(i) > bounds.get(i - 1),
                    CODE,
                    at.item(i),
                    "bounds rise: " + bounds.get(i) + " is not greater than " + bounds.get(i - 1));
        }
    }
}
