package io.flotilla.config.validate;

import io.flotilla.api.adapter.stdio.Params.Stream;
import io.flotilla.config.schema.FieldPath;

/** The adapters that write logs: stdio, fluentd, cloudwatch and solarwinds. */
final class LogAdapterRules {
    private static final int MOST_BATCH = 1000;

    private LogAdapterRules() {}

    static void stdio(io.flotilla.api.adapter.stdio.Params params, FieldPath at, Check check) {
        boolean file = params.getLogStream() == Stream.FILE || params.getLogStream() == Stream.ROTATED_FILE;
        FieldPath path = at.field("outputPath");
        if (file) {
            check.require(!params.getOutputPath().isEmpty(), "FL0434", path, "is required to write into a file");
        } else {
            check.require(
                    params.getOutputPath().isEmpty(),
                    "FL0434",
                    path,
                    params.getLogStream() + " is no file; logStream is FILE or ROTATED_FILE");
        }
        check.notNegative(params.getMaxMegabytesBeforeRotation(), "FL0434", at.field("maxMegabytesBeforeRotation"));
        check.notNegative(params.getMaxDaysBeforeRotation(), "FL0434", at.field("maxDaysBeforeRotation"));
        check.notNegative(params.getMaxRotatedFiles(), "FL0434", at.field("maxRotatedFiles"));
        boolean rotation = params.getMaxMegabytesBeforeRotation() > 0
                || params.getMaxDaysBeforeRotation() > 0
                || params.getMaxRotatedFiles() > 0;
        if (rotation && params.getLogStream() != Stream.ROTATED_FILE) {
            check.warning("FL0461", at.field("logStream"), "limits of rotation have no effect without ROTATED_FILE");
        }
    }

    static void fluentd(io.flotilla.api.adapter.fluentd.Params params, FieldPath at, Check check) {
        AdapterRules.address(params.getAddress(), false, at.field("address"), check);
        AdapterRules.notNegative(params.getInstanceBufferSize(), "FL0435", at.field("instanceBufferSize"), check);
        AdapterRules.notNegative(params.getMaxBatchSizeBytes(), "FL0435", at.field("maxBatchSizeBytes"), check);
        AdapterRules.notNegative(params.getPushIntervalDuration(), at.field("pushIntervalDuration"), check);
        AdapterRules.notNegative(params.getPushTimeoutDuration(), at.field("pushTimeoutDuration"), check);
    }

    static void cloudwatch(io.flotilla.api.adapter.cloudwatch.Params params, FieldPath at, Check check) {
        check.require(
                params.getMetricInfoCount() == 0 || !params.getNamespace().isEmpty(),
                "FL0435",
                at.field("namespace"),
                "is required for metrics");
        boolean logs = params.getLogsCount() > 0;
        check.require(
                !logs || !params.getLogGroupName().isEmpty(),
                "FL0435",
                at.field("logGroupName"),
                "is required for logs");
        check.require(
                !logs || !params.getLogStreamName().isEmpty(),
                "FL0435",
                at.field("logStreamName"),
                "is required for logs");
        params.getLogsMap()
                .forEach((name, log) -> AdapterRules.textTemplate(
                        log.getPayloadTemplate(), at.field("logs").field(name).field("payloadTemplate"), check));
    }

    static void solarwinds(io.flotilla.api.adapter.solarwinds.Params params, FieldPath at, Check check) {
        int batch = params.getAppopticsBatchSize();
        check.require(
                batch >= 0 && batch <= MOST_BATCH,
                "FL0435",
                at.field("appopticsBatchSize"),
                "must be between 0 and 1000, not " + batch);
        AdapterRules.address(params.getPapertrailUrl(), false, at.field("papertrailUrl"), check);
        AdapterRules.notNegative(
                params.getPapertrailLocalRetentionDuration(), at.field("papertrailLocalRetentionDuration"), check);
        params.getLogsMap()
                .forEach((name, log) -> AdapterRules.textTemplate(
                        log.getPayloadTemplate(), at.field("logs").field(name).field("payloadTemplate"), check));
    }
}
