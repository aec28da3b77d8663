package io.flotilla.config.analysis.hygiene;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Map;
import java.util.Optional;

/** What is written today instead of fields that are deprecated. */
final class Replacements {
    private static final Map<String, String> BY_FIELD = Map.ofEntries(
            Map.entry("HTTPRoute.append_headers", "headers.request.add"),
            Map.entry("HTTPRoute.append_request_headers", "headers.request.add"),
            Map.entry("HTTPRoute.remove_request_headers", "headers.request.remove"),
            Map.entry("HTTPRoute.append_response_headers", "headers.response.add"),
            Map.entry("HTTPRoute.remove_response_headers", "headers.response.remove"),
            Map.entry("HTTPRoute.websocket_upgrade", "nothing, WebSocket needs no switch"),
            Map.entry("HTTPRoute.mirror_percent", "mirrorPercentage.value"),
            Map.entry("HTTPRouteDestination.append_request_headers", "headers.request.add"),
            Map.entry("HTTPRouteDestination.remove_request_headers", "headers.request.remove"),
            Map.entry("HTTPRouteDestination.append_response_headers", "headers.response.add"),
            Map.entry("HTTPRouteDestination.remove_response_headers", "headers.response.remove"),
            Map.entry("Delay.percent", "percentage.value"),
            Map.entry("Abort.percent", "percentage.value"),
            Map.entry("CorsPolicy.allow_origin", "allowOrigins with exact, prefix or regex"),
            Map.entry("OutlierDetection.consecutive_errors", "consecutive5xxErrors or consecutiveGatewayErrors"),
            Map.entry("ConsistentHashLB.minimum_ring_size", "ringHash.minimumRingSize"),
            Map.entry("LoadBalancerSettings.warmup_duration_secs", "warmup.duration"),
            Map.entry("EnvoyFilter.workload_labels", "workloadSelector.labels"),
            Map.entry("EnvoyFilter.filters", "configPatches"),
            Map.entry("Port.target_port", "the number that the pods listen on as number"));

    private Replacements() {}

    /** What to write instead, or empty where nothing takes its place. */
    static Optional<String> of(FieldDescriptor field) {
        return Optional.ofNullable(BY_FIELD.get(field.getContainingType().getName() + "." + field.getName()));
    }
}
