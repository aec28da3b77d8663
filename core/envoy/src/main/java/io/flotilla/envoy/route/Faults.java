package io.flotilla.envoy.route;

import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.flotilla.api.networking.v1alpha3.HTTPFaultInjection;
import io.flotilla.api.networking.v1alpha3.Percent;
import io.flotilla.config.model.GrpcStatusNames;
import java.util.Optional;

/** Faults that a rule injects. */
final class Faults {
    private static final int ALL = 100;

    private Faults() {}

    /** The fault filter's part of a route; empty where no supported fault is left. */
    @SuppressWarnings("deprecation") // `percent` is what classic files have.
    static Optional<HTTPFault> of(HTTPFaultInjection fault, boolean classic) {
        HTTPFault.Builder built = HTTPFault.newBuilder();
        HTTPFaultInjection.Delay delay = fault.getDelay();
        if (delay.hasFixedDelay()) {
            built.setDelay(FaultDelay.newBuilder()
                    .setFixedDelay(delay.getFixedDelay())
                    .setPercentage(share(delay.hasPercentage(), delay.getPercentage(), delay.getPercent(), classic)));
        }
        HTTPFaultInjection.Abort abort = fault.getAbort();
        FractionalPercent share = share(abort.hasPercentage(), abort.getPercentage(), abort.getPercent(), classic);
        if (abort.hasHttpStatus()) {
            built.setAbort(
                    FaultAbort.newBuilder().setHttpStatus(abort.getHttpStatus()).setPercentage(share));
        } else if (abort.hasGrpcStatus()) {
            grpcStatus(abort.getGrpcStatus())
                    .ifPresent(code -> built.setAbort(
                            FaultAbort.newBuilder().setGrpcStatus(code).setPercentage(share)));
        }
        return built.hasDelay() || built.hasAbort() ? Optional.of(built.build()) : Optional.empty();
    }

    // Neither form given: all requests, but none at all in classic mode.
    private static FractionalPercent share(boolean given, Percent percentage, int percent, boolean classic) {
        if (given) {
            return fraction(percentage.getValue());
        }
        return fraction(percent > 0 || classic ? percent : ALL);
    }

    /** Percent as a fraction of a million. */
    static FractionalPercent fraction(double percent) {
        return FractionalPercent.newBuilder()
                .setNumerator((int) Math.round(percent * 10_000))
                .setDenominator(FractionalPercent.DenominatorType.MILLION)
                .build();
    }

    private static Optional<Integer> grpcStatus(String name) {
        int code = GrpcStatusNames.BY_CODE.indexOf(name);
        return code < 0 ? Optional.empty() : Optional.of(code);
    }
}
