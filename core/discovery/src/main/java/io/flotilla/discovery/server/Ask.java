package io.flotilla.discovery.server;

import com.google.rpc.Status;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one request of either dialect says.
 *
 * @param typeUrl     of the resources
 * @param nonce       of the response that this answers; empty for none
 * @param error       why that response was refused; null where it was taken
 * @param names       state of the world: all names wanted; delta: names subscribed now
 * @param unsubscribe delta: names no longer wanted
 * @param told        delta: versions that the client holds
 */
record Ask(
        String typeUrl,
        String nonce,
        @Nullable String error,
        List<String> names,
        List<String> unsubscribe,
        Map<String, String> told) {

    static Ask of(DiscoveryRequest request) {
        return new Ask(
                request.getTypeUrl(),
                request.getResponseNonce(),
                request.hasErrorDetail() ? message(request.getErrorDetail()) : null,
                request.getResourceNamesList(),
                List.of(),
                Map.of());
    }

    static Ask of(DeltaDiscoveryRequest request) {
        return new Ask(
                request.getTypeUrl(),
                request.getResponseNonce(),
                request.hasErrorDetail() ? message(request.getErrorDetail()) : null,
                request.getResourceNamesSubscribeList(),
                request.getResourceNamesUnsubscribeList(),
                request.getInitialResourceVersionsMap());
    }

    private static String message(Status status) {
        return status.getMessage().isEmpty() ? "code " + status.getCode() : status.getMessage();
    }
}
