package io.flotilla.envoy.cluster;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.common.matcher.v3.HttpHeadersMatch;
import io.envoyproxy.envoy.config.common.matcher.v3.MatchPredicate;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.api.networking.v1alpha3.OutlierDetection;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.envoy.Wire;
import java.util.List;
import java.util.Optional;

/** When an endpoint is left out for a while (DestinationRule trafficPolicy.outlierDetection). */
final class OutlierDetections {
    private static final UInt32Value ALWAYS = UInt32Value.of(100);
    private static final UInt32Value NEVER = UInt32Value.of(0);

    private OutlierDetections() {}

    static void apply(Cluster.Builder cluster, TrafficPolicy policy) {
        if (!policy.hasOutlierDetection() || cluster.getType() == Cluster.DiscoveryType.ORIGINAL_DST) {
            return;
        }
        OutlierDetection settings = policy.getOutlierDetection();
        io.envoyproxy.envoy.config.cluster.v3.OutlierDetection.Builder detection =
                io.envoyproxy.envoy.config.cluster.v3.OutlierDetection.newBuilder()
                        .setEnforcingSuccessRate(NEVER);
        errors(settings, detection);
        if (settings.hasInterval()) {
            detection.setInterval(settings.getInterval());
        }
        if (settings.hasBaseEjectionTime()) {
            detection.setBaseEjectionTime(settings.getBaseEjectionTime());
        }
        if (settings.getMaxEjectionPercent() > 0) {
            detection.setMaxEjectionPercent(Wire.number(settings.getMaxEjectionPercent()));
        } else {
            // Envoy's tenth of a few instances is none; the Envoys of Istio 1.1 ejected one of them all the same.
            detection.setAlwaysEjectOneHost(BoolValue.of(true));
        }
        cluster.setOutlierDetection(detection);
    }

    /** Which answers count as errors, where the policy says that; empty for those from 500 on. */
    static Optional<MatchPredicate> errors(TrafficPolicy policy) {
        List<MatchPredicate> each = policy.getOutlierDetection().getOutlierDetectionHttpErrorCodesList().stream()
                .distinct()
                .map(OutlierDetections::answered)
                .toList();
        // Envoy wants at least two members of an "or".
        return each.size() < 2
                ? each.stream().findFirst()
                : Optional.of(MatchPredicate.newBuilder()
                        .setOrMatch(MatchPredicate.MatchSet.newBuilder().addAllRules(each))
                        .build());
    }

    private static MatchPredicate answered(int status) {
        return MatchPredicate.newBuilder()
                .setHttpResponseHeadersMatch(HttpHeadersMatch.newBuilder()
                        .addHeaders(HeaderMatcher.newBuilder()
                                .setName(":status")
                                .setStringMatch(StringMatcher.newBuilder().setExact(Integer.toString(status)))))
                .build();
    }

    @SuppressWarnings("deprecation") // consecutiveErrors is what classic files have.
    private static void errors(
            OutlierDetection settings, io.envoyproxy.envoy.config.cluster.v3.OutlierDetection.Builder detection) {
        if (settings.getConsecutiveErrors() > 0) {
            // Classic: gateway errors only.
            detection
                    .setConsecutiveGatewayFailure(Wire.number(settings.getConsecutiveErrors()))
                    .setEnforcingConsecutiveGatewayFailure(ALWAYS)
                    .setEnforcingConsecutive5Xx(NEVER);
        }
        if (settings.hasConsecutive5XxErrors()) {
            detection
                    .setConsecutive5Xx(settings.getConsecutive5XxErrors())
                    .setEnforcingConsecutive5Xx(enforced(settings.getConsecutive5XxErrors()));
        }
        if (settings.hasConsecutiveGatewayErrors()) {
            detection
                    .setConsecutiveGatewayFailure(settings.getConsecutiveGatewayErrors())
                    .setEnforcingConsecutiveGatewayFailure(enforced(settings.getConsecutiveGatewayErrors()));
        }
        if (settings.getSplitExternalLocalOriginErrors()) {
            detection.setSplitExternalLocalOriginErrors(true).setEnforcingLocalOriginSuccessRate(NEVER);
            if (settings.hasConsecutiveLocalOriginFailures()) {
                detection
                        .setConsecutiveLocalOriginFailure(settings.getConsecutiveLocalOriginFailures())
                        .setEnforcingConsecutiveLocalOriginFailure(
                                enforced(settings.getConsecutiveLocalOriginFailures()));
            }
        }
    }

    private static UInt32Value enforced(UInt32Value limit) {
        return limit.getValue() == 0 ? NEVER : ALWAYS;
    }
}
