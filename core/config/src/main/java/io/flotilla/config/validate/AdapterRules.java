package io.flotilla.config.validate;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.flotilla.config.schema.FieldPath;

/** The settings of the adapters that are built in. */
final class AdapterRules {
    private AdapterRules() {}

    static void check(Message params, FieldPath at, Check check) {
        switch (params) {
            case io.flotilla.api.adapter.memquota.Params memquota -> QuotaAdapterRules.memory(memquota, at, check);
            case io.flotilla.api.adapter.redisquota.Params redisquota -> QuotaAdapterRules.redis(redisquota, at, check);
            case io.flotilla.api.adapter.list.Params list -> PolicyAdapterRules.list(list, at, check);
            case io.flotilla.api.adapter.denier.Params denier -> PolicyAdapterRules.denier(denier, at, check);
            case io.flotilla.api.adapter.opa.Params opa -> PolicyAdapterRules.opa(opa, at, check);
            case io.flotilla.api.adapter.rbac.Params rbac -> PolicyAdapterRules.rbac(rbac, at, check);
            case io.flotilla.api.adapter.bypass.Params bypass ->
                address(bypass.getBackendAddress(), true, at.field("backendAddress"), check);
            case io.flotilla.api.adapter.kubernetesenv.Params kubernetes ->
                notNegative(kubernetes.getCacheRefreshDuration(), at.field("cacheRefreshDuration"), check);
            case io.flotilla.api.adapter.prometheus.Params prometheus ->
                new PrometheusRules(check).params(prometheus, at);
            case io.flotilla.api.adapter.stdio.Params stdio -> LogAdapterRules.stdio(stdio, at, check);
            case io.flotilla.api.adapter.fluentd.Params fluentd -> LogAdapterRules.fluentd(fluentd, at, check);
            case io.flotilla.api.adapter.cloudwatch.Params cloudwatch ->
                LogAdapterRules.cloudwatch(cloudwatch, at, check);
            case io.flotilla.api.adapter.solarwinds.Params solarwinds ->
                LogAdapterRules.solarwinds(solarwinds, at, check);
            case io.flotilla.api.adapter.statsd.Params statsd -> MetricAdapterRules.statsd(statsd, at, check);
            case io.flotilla.api.adapter.dogstatsd.Params dogstatsd ->
                MetricAdapterRules.dogstatsd(dogstatsd, at, check);
            case io.flotilla.api.adapter.circonus.Params circonus -> MetricAdapterRules.circonus(circonus, at, check);
            case io.flotilla.api.adapter.signalfx.Params signalfx -> MetricAdapterRules.signalfx(signalfx, at, check);
            case io.flotilla.api.adapter.stackdriver.Params stackdriver ->
                StackdriverRules.check(stackdriver, at, check);
            case io.flotilla.api.adapter.zipkin.Params zipkin -> MetricAdapterRules.zipkin(zipkin, at, check);
            default -> {
                // noop takes no settings
            }
        }
    }

    /** "HOST:PORT"; empty is the default of an adapter that has one. */
    static void address(String address, boolean required, FieldPath at, Check check) {
        if (address.isEmpty()) {
            check.require(!required, "FL0435", at, "is required");
        } else {
            check.require(MixerNames.isAddress(address), "FL0435", at, "\"" + address + "\" is no HOST:PORT");
        }
    }

    static void notNegative(Duration duration, FieldPath at, Check check) {
        check.require(duration.getSeconds() >= 0 && duration.getNanos() >= 0, "FL0022", at, "must not be negative");
    }

    static void notNegative(long number, String code, FieldPath at, Check check) {
        check.require(number >= 0, code, at, "must not be negative, not " + number);
    }

    static void probability(double probability, FieldPath at, Check check) {
        check.require(
                probability >= 0 && probability <= 1, "FL0435", at, "must be between 0 and 1, not " + probability);
    }

    /** The template language of Go: braces in pairs. */
    static void textTemplate(String template, FieldPath at, Check check) {
        int open = 0;
        for (int i = 0; i + 1 < template.length(); i++) {
            if (template.startsWith("{{", i)) {
                open++;
                i++;
            } else if (template.startsWith("}}", i)) {
                open--;
                i++;
            }
            if (open < 0 || open > 1) {
                break;
            }
        }
        check.require(
                open == 0, "FL0435", at, "\"" + template + "\" is no text template: \"{{\" and \"}}\" are in pairs");
    }

    static boolean positive(Duration duration) {
        return duration.getSeconds() > 0 || (duration.getSeconds() == 0 && duration.getNanos() > 0);
    }

    /** Nanoseconds, for comparing; durations are at most 10,000 years, which saturate. */
    static long nanos(Duration duration) {
        try {
            return Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000_000L), duration.getNanos());
        } catch (ArithmeticException e) {
            return duration.getSeconds() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
