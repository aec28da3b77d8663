package io.flotilla.config.validate;

import io.flotilla.api.telemetry.v1alpha1.AccessLogging;
import io.flotilla.api.telemetry.v1alpha1.MetricSelector.IstioMetric;
import io.flotilla.api.telemetry.v1alpha1.Metrics;
import io.flotilla.api.telemetry.v1alpha1.MetricsOverrides;
import io.flotilla.api.telemetry.v1alpha1.MetricsOverrides.TagOverride;
import io.flotilla.api.telemetry.v1alpha1.ProviderRef;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.api.telemetry.v1alpha1.Tracing;
import io.flotilla.config.cel.CelSyntax;
import io.flotilla.config.mixer.VerifiedLabels;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** What a Telemetry must be. */
final class TelemetryRules {
    private static final String OBJECT = "FL0380";
    private static final String TRACING = "FL0381";
    private static final String METRICS = "FL0382";
    private static final String LOGS = "FL0383";

    private TelemetryRules() {}

    static void check(Config<Telemetry> config, Check check) {
        Telemetry telemetry = config.spec();
        FieldPath at = Check.spec();
        new TargetRules(OBJECT, check)
                .check(
                        telemetry.hasSelector(),
                        telemetry.getSelector(),
                        telemetry.hasTargetRef(),
                        telemetry.getTargetRef(),
                        telemetry.getTargetRefsList(),
                        at);
        check.require(telemetry.getTracingCount() <= 1, TRACING, at.field("tracing"), "takes one entry, not several");
        for (int i = 0; i < telemetry.getTracingCount(); i++) {
            tracing(telemetry.getTracing(i), at.field("tracing").item(i), check);
        }
        for (int i = 0; i < telemetry.getMetricsCount(); i++) {
            metrics(telemetry.getMetrics(i), at.field("metrics").item(i), check);
        }
        for (int i = 0; i < telemetry.getAccessLoggingCount(); i++) {
            AccessLogging logging = telemetry.getAccessLogging(i);
            FieldPath place = at.field("accessLogging").item(i);
            providers(logging.getProvidersList(), LOGS, place.field("providers"), check);
            if (logging.hasFilter()) {
                expression(
                        logging.getFilter().getExpression(),
                        LOGS,
                        place.field("filter").field("expression"),
                        check);
            }
        }
    }

    private static void providers(List<ProviderRef> providers, String code, FieldPath at, Check check) {
        for (int i = 0; i < providers.size(); i++) {
            check.given(providers.get(i).getName(), code, at.item(i).field("name"));
        }
    }

    private static void tracing(Tracing tracing, FieldPath at, Check check) {
        providers(tracing.getProvidersList(), TRACING, at.field("providers"), check);
        check.require(
                tracing.getProvidersCount() <= 1, TRACING, at.field("providers"), "takes one provider, not several");
        if (tracing.hasRandomSamplingPercentage()) {
            double percent = tracing.getRandomSamplingPercentage().getValue();
            check.require(
                    percent >= 0 && percent <= 100,
                    TRACING,
                    at.field("randomSamplingPercentage"),
                    "must be between 0 and 100, not " + percent);
        }
        tracing.getCustomTagsMap().forEach((name, tag) -> {
            FieldPath place = at.field("customTags").field(name);
            check.require(!name.isEmpty(), TRACING, at.field("customTags"), "a tag must have a name");
            switch (tag.getTypeCase()) {
                case LITERAL ->
                    check.given(
                            tag.getLiteral().getValue(),
                            TRACING,
                            place.field("literal").field("value"));
                case ENVIRONMENT ->
                    check.given(
                            tag.getEnvironment().getName(),
                            TRACING,
                            place.field("environment").field("name"));
                case HEADER ->
                    check.headerName(
                            tag.getHeader().getName(),
                            TRACING,
                            place.field("header").field("name"));
                case FORMATTER ->
                    check.given(
                            tag.getFormatter().getValue(),
                            TRACING,
                            place.field("formatter").field("value"));
                case TYPE_NOT_SET -> check.error(TRACING, place, "needs literal, environment, header or formatter");
            }
        });
    }

    private static void metrics(Metrics metrics, FieldPath at, Check check) {
        providers(metrics.getProvidersList(), METRICS, at.field("providers"), check);
        if (metrics.hasReportingInterval()) {
            check.duration(metrics.getReportingInterval(), at.field("reportingInterval"));
        }
        for (int i = 0; i < metrics.getOverridesCount(); i++) {
            override(metrics.getOverrides(i), at.field("overrides").item(i), check);
        }
    }

    private static void override(MetricsOverrides override, FieldPath at, Check check) {
        IstioMetric metric = override.getMatch().getMetric();
        boolean messages = metric == IstioMetric.GRPC_REQUEST_MESSAGES || metric == IstioMetric.GRPC_RESPONSE_MESSAGES;
        if (messages && !override.getDisabled().getValue()) {
            check.warning(
                    METRICS,
                    at.field("match").field("metric"),
                    "has no effect: Mixer's metrics are of Envoy's access logs, which do not count the messages of a call");
        }
        if (override.getMatch().hasCustomMetric()) {
            check.given(
                    override.getMatch().getCustomMetric(),
                    METRICS,
                    at.field("match").field("customMetric"));
        }
        override.getTagOverridesMap().forEach((name, tag) -> {
            FieldPath place = at.field("tagOverrides").field(name);
            check.require(!name.isEmpty(), METRICS, at.field("tagOverrides"), "a tag must have a name");
            boolean removes = tag.getOperation() == TagOverride.Operation.REMOVE;
            if (removes) {
                check.require(
                        tag.getValue().isEmpty(),
                        METRICS,
                        place.field("value"),
                        "makes no sense with operation REMOVE");
            } else {
                expression(tag.getValue(), METRICS, place.field("value"), check);
                if (VerifiedLabels.contains(name)) {
                    check.warning(
                            METRICS,
                            place,
                            "\"" + name + "\" says who took part, which Mixer knows and does not let be set: "
                                    + "use a tag of another name");
                }
            }
        });
    }

    /** An expression of CEL; what its names mean only Envoy knows. */
    private static void expression(String expression, String code, FieldPath at, Check check) {
        check.given(expression, code, at);
        if (!expression.isEmpty()) {
            CelSyntax.problem(expression)
                    .ifPresent(problem -> check.error(code, at, "is no expression of CEL: " + problem));
        }
    }
}
