package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.HTTPFaultInjection;
import io.flotilla.api.networking.v1alpha3.HTTPFaultInjection.Abort;
import io.flotilla.api.networking.v1alpha3.HTTPFaultInjection.Delay;
import io.flotilla.config.model.GrpcStatusNames;
import io.flotilla.config.schema.FieldPath;

/** Injected delays and aborts. */
final class FaultRules {
    private final Check check;

    FaultRules(Check check) {
        this.check = check;
    }

    void check(HTTPFaultInjection fault, FieldPath at) {
        check.require(fault.hasDelay() || fault.hasAbort(), "FL0108", at, "needs a delay or an abort");
        if (fault.hasDelay()) {
            delay(fault.getDelay(), at.field("delay"));
        }
        if (fault.hasAbort()) {
            abort(fault.getAbort(), at.field("abort"));
        }
    }

    @SuppressWarnings("deprecation") // old objects have "percent"
    private void delay(Delay delay, FieldPath at) {
        percentages(
                delay.getPercent(), delay.hasPercentage(), delay.getPercentage().getValue(), at);
        switch (delay.getHttpDelayTypeCase()) {
            case FIXED_DELAY -> check.duration(delay.getFixedDelay(), at.field("fixedDelay"));
            case EXPONENTIAL_DELAY -> check.error("FL0108", at.field("exponentialDelay"), "is not supported");
            case HTTPDELAYTYPE_NOT_SET -> check.error("FL0108", at.field("fixedDelay"), "is required");
        }
    }

    @SuppressWarnings("deprecation") // old objects have "percent"
    private void abort(Abort abort, FieldPath at) {
        percentages(
                abort.getPercent(), abort.hasPercentage(), abort.getPercentage().getValue(), at);
        switch (abort.getErrorTypeCase()) {
            case HTTP_STATUS -> {
                int least = check.classic() ? 0 : 200;
                check.require(
                        abort.getHttpStatus() >= least && abort.getHttpStatus() <= 600,
                        "FL0108",
                        at.field("httpStatus"),
                        "must be between " + least + " and 600, not " + abort.getHttpStatus());
            }
            case GRPC_STATUS ->
                check.require(
                        !check.classic() && GrpcStatusNames.BY_CODE.contains(abort.getGrpcStatus()),
                        "FL0108",
                        at.field("grpcStatus"),
                        check.classic()
                                ? "is not supported"
                                : "\"" + abort.getGrpcStatus() + "\" is no status of gRPC");
            case HTTP2_ERROR -> check.error("FL0108", at.field("http2Error"), "is not supported");
            case ERRORTYPE_NOT_SET -> check.error("FL0108", at, "needs an httpStatus or a grpcStatus");
        }
    }

    private void percentages(int percent, boolean exact, double percentage, FieldPath at) {
        check.percent(percent, at.field("percent"));
        if (exact) {
            check.percent(percentage, at.field("percentage").field("value"));
        } else if (percent == 0 && check.classic()) {
            check.warning("FL0108", at, "has no percentage, so it never happens");
        }
    }
}
