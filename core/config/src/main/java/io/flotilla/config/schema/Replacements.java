package io.flotilla.config.schema;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Map;
import java.util.Optional;

/** Fields that Istio had, or still has, and that are written in another way today. */
final class Replacements {
    private static final String NETWORKING = "istio.networking.v1alpha3.";
    private static final String ADD_REQUEST = "use \"headers.request.add\"";
    private static final String ADD_RESPONSE = "use \"headers.response.add\"";
    private static final String REMOVE_REQUEST = "use \"headers.request.remove\"";
    private static final String REMOVE_RESPONSE = "use \"headers.response.remove\"";
    private static final String PERCENTAGE = "use \"percentage.value\"";

    private static final Map<String, String> NOW = Map.ofEntries(
            Map.entry("HTTPRoute.websocket_upgrade", "upgrades are always allowed, leave it out"),
            Map.entry("HTTPRoute.append_headers", ADD_REQUEST),
            Map.entry("HTTPRoute.append_request_headers", ADD_REQUEST),
            Map.entry("HTTPRoute.append_response_headers", ADD_RESPONSE),
            Map.entry("HTTPRoute.remove_request_headers", REMOVE_REQUEST),
            Map.entry("HTTPRoute.remove_response_headers", REMOVE_RESPONSE),
            Map.entry("HTTPRoute.mirror_percent", "use \"mirrorPercentage.value\""),
            Map.entry("HTTPRouteDestination.append_request_headers", ADD_REQUEST),
            Map.entry("HTTPRouteDestination.append_response_headers", ADD_RESPONSE),
            Map.entry("HTTPRouteDestination.remove_request_headers", REMOVE_REQUEST),
            Map.entry("HTTPRouteDestination.remove_response_headers", REMOVE_RESPONSE),
            Map.entry("HTTPFaultInjection.Delay.percent", PERCENTAGE),
            Map.entry("HTTPFaultInjection.Abort.percent", PERCENTAGE),
            Map.entry("CorsPolicy.allow_origin", "use \"allowOrigins\" with \"exact\""),
            Map.entry(
                    "OutlierDetection.consecutive_errors",
                    "use \"consecutiveGatewayErrors\", which counts the same, or \"consecutive5xxErrors\""),
            Map.entry("LoadBalancerSettings.ConsistentHashLB.minimum_ring_size", "use \"ringHash.minimumRingSize\""),
            Map.entry("LoadBalancerSettings.warmup_duration_secs", "use \"warmup.duration\""),
            Map.entry("EnvoyFilter.workload_labels", "use \"workloadSelector.labels\""),
            Map.entry("EnvoyFilter.filters", "use \"configPatches\""));

    private Replacements() {}

    /** What to write instead; empty for fields that are as they should be. */
    static Optional<String> of(FieldDescriptor field) {
        String name = field.getFullName();
        return name.startsWith(NETWORKING)
                ? Optional.ofNullable(NOW.get(name.substring(NETWORKING.length())))
                : Optional.empty();
    }
}
