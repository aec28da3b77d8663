package io.flotilla.config.validate;

import io.flotilla.config.schema.FieldPath;

/** The adapters that send metrics and spans away: statsd, dogstatsd, circonus, signalfx and zipkin. */
final class MetricAdapterRules {
    private static final String CODE = "FL0435";
    private static final String KIND_WANTED = "is required: COUNTER, GAUGE or DISTRIBUTION";
    private static final long SECOND = 1_000_000_000L;

    private MetricAdapterRules() {}

    static void statsd(io.flotilla.api.adapter.statsd.Params params, FieldPath at, Check check) {
        AdapterRules.address(params.getAddress(), false, at.field("address"), check);
        AdapterRules.notNegative(params.getFlushDuration(), at.field("flushDuration"), check);
        check.notNegative(params.getFlushBytes(), CODE, at.field("flushBytes"));
        AdapterRules.probability(params.getSamplingRate(), at.field("samplingRate"), check);
        params.getMetricsMap().forEach((name, metric) -> {
            FieldPath place = at.field("metrics").field(name);
            check.require(metric.getTypeValue() != 0, CODE, place.field("type"), KIND_WANTED);
            AdapterRules.textTemplate(metric.getNameTemplate(), place.field("nameTemplate"), check);
        });
    }

    static void dogstatsd(io.flotilla.api.adapter.dogstatsd.Params params, FieldPath at, Check check) {
        AdapterRules.address(params.getAddress(), false, at.field("address"), check);
        check.notNegative(params.getBufferLength(), CODE, at.field("bufferLength"));
        AdapterRules.probability(params.getSampleRate(), at.field("sampleRate"), check);
        params.getMetricsMap().forEach((name, metric) -> {
            FieldPath place = at.field("metrics").field(name);
            check.require(!metric.getName().isEmpty(), CODE, place.field("name"), "is required");
            check.require(metric.getTypeValue() != 0, CODE, place.field("type"), KIND_WANTED);
        });
    }

    static void circonus(io.flotilla.api.adapter.circonus.Params params, FieldPath at, Check check) {
        check.require(
                Urls.isWeb(params.getSubmissionUrl()),
                CODE,
                at.field("submissionUrl"),
                "\"" + params.getSubmissionUrl() + "\" is no http or https URL");
        check.require(
                !params.hasSubmissionInterval() || AdapterRules.nanos(params.getSubmissionInterval()) >= SECOND,
                CODE,
                at.field("submissionInterval"),
                "must be at least 1s");
        for (int i = 0; i < params.getMetricsCount(); i++) {
            FieldPath place = at.field("metrics").item(i);
            check.require(!params.getMetrics(i).getName().isEmpty(), CODE, place.field("name"), "is required");
            check.require(params.getMetrics(i).getTypeValue() != 0, CODE, place.field("type"), KIND_WANTED);
        }
    }

    static void signalfx(io.flotilla.api.adapter.signalfx.Params params, FieldPath at, Check check) {
        check.require(!params.getAccessToken().isEmpty(), CODE, at.field("accessToken"), "is required");
        check.require(
                params.getIngestUrl().isEmpty() || Urls.isWeb(params.getIngestUrl()),
                CODE,
                at.field("ingestUrl"),
                "\"" + params.getIngestUrl() + "\" is no http or https URL");
        check.require(
                !params.hasDatapointInterval() || AdapterRules.nanos(params.getDatapointInterval()) >= SECOND,
                CODE,
                at.field("datapointInterval"),
                "must be at least 1s");
        AdapterRules.probability(params.getTracingSampleProbability(), at.field("tracingSampleProbability"), check);
        for (int i = 0; i < params.getMetricsCount(); i++) {
            FieldPath place = at.field("metrics").item(i);
            check.require(!params.getMetrics(i).getName().isEmpty(), CODE, place.field("name"), "is required");
            check.require(
                    params.getMetrics(i).getTypeValue() != 0,
                    CODE,
                    place.field("type"),
                    "is required: COUNTER or HISTOGRAM");
        }
    }

    static void zipkin(io.flotilla.api.adapter.zipkin.Params params, FieldPath at, Check check) {
        check.require(
                Urls.isWeb(params.getUrl()),
                CODE,
                at.field("url"),
                params.getUrl().isEmpty() ? "is required" : "\"" + params.getUrl() + "\" is no http or https URL");
        AdapterRules.probability(params.getSampleProbability(), at.field("sampleProbability"), check);
    }
}
