package io.flotilla.envoy.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.flotilla.envoy.filter.HttpFilters;
import java.util.ArrayList;
import java.util.List;

/** The fault of a route in words: "delay 2000ms 100%, abort 500 10%"; empty where it has none. */
final class FaultText {
    private FaultText() {}

    static String of(Route route) {
        if (!route.containsTypedPerFilterConfig(HttpFilters.FAULT)) {
            return "";
        }
        try {
            return of(route.getTypedPerFilterConfigOrThrow(HttpFilters.FAULT).unpack(HTTPFault.class));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the fault of route " + route.getName() + " is no HTTPFault", e);
        }
    }

    private static String of(HTTPFault fault) {
        List<String> parts = new ArrayList<>();
        if (fault.hasDelay()) {
            parts.add("delay " + Durations.toMillis(fault.getDelay().getFixedDelay()) + "ms "
                    + percent(fault.getDelay().getPercentage()));
        }
        if (fault.hasAbort()) {
            String what = fault.getAbort().hasGrpcStatus()
                    ? "grpc " + fault.getAbort().getGrpcStatus()
                    : Integer.toString(fault.getAbort().getHttpStatus());
            parts.add("abort " + what + " " + percent(fault.getAbort().getPercentage()));
        }
        return String.join(", ", parts);
    }

    private static String percent(FractionalPercent share) {
        int of = switch (share.getDenominator()) {
            case HUNDRED, UNRECOGNIZED -> 100;
            case TEN_THOUSAND -> 10_000;
            case MILLION -> 1_000_000;
        };
        String text = Double.toString(share.getNumerator() * 100.0 / of);
        return text.replaceAll("\\.0$", "") + "%";
    }
}
