package io.flotilla.discovery.server;

import com.google.rpc.Status;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.flotilla.api.mcp.v1alpha1.MeshConfigRequest;
import io.flotilla.api.mcp.v1alpha1.RequestResources;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.wire.DeltaRequest;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one request of either dialect says.
 *
 * @param typeUrl     of the resources
 * @param nonce       of the response that this answers; empty for none
 * @param error       why that response was refused; null where it was taken
 * @param names       state of the world: all names wanted; delta: names subscribed now
 * @param unsubscribe delta: names no longer wanted
 * @param told        delta: versions that the client holds; state of the world: that of the whole type, under
 *                    {@link DiscoverySource#WHOLE_TYPE}
 * @param incremental whether this type is to be incremental on a stream that leaves it open (MCP)
 */
record Ask(
        String typeUrl,
        String nonce,
        @Nullable String error,
        List<String> names,
        List<String> unsubscribe,
        Map<String, String> told,
        boolean incremental) {
    /** Of what a client says of a refusal: characters that are kept. */
    private static final int MAX_REASON = 4_096;

    private static final Pattern SPACES = Pattern.compile(" {2,}");

    /** Of a method that is incremental for all types, or for none. */
    Ask(
            String typeUrl,
            String nonce,
            @Nullable String error,
            List<String> names,
            List<String> unsubscribe,
            Map<String, String> told) {
        this(typeUrl, nonce, error, names, unsubscribe, told, false);
    }

    static Ask of(DiscoveryRequest request) {
        return new Ask(
                request.getTypeUrl(),
                request.getResponseNonce(),
                request.hasErrorDetail() ? message(request.getErrorDetail()) : null,
                request.getResourceNamesList(),
                List.of(),
                request.getVersionInfo().isEmpty()
                        ? Map.of()
                        : Map.of(DiscoverySource.WHOLE_TYPE, request.getVersionInfo()));
    }

    static Ask of(DeltaRequest request) {
        Status error = request.error();
        return new Ask(
                request.typeUrl(),
                request.nonce(),
                error == null ? null : message(error),
                request.subscribe(),
                request.unsubscribe(),
                new Told(request.heldNames(), request.heldVersions()));
    }

    static Ask of(RequestResources request) {
        return new Ask(
                request.getCollection(),
                request.getResponseNonce(),
                request.hasErrorDetail() ? message(request.getErrorDetail()) : null,
                List.of(),
                List.of(),
                request.getIncremental() ? request.getInitialResourceVersionsMap() : Map.of(),
                request.getIncremental());
    }

    static Ask of(MeshConfigRequest request) {
        return new Ask(
                request.getTypeUrl(),
                request.getResponseNonce(),
                request.hasErrorDetail() ? message(request.getErrorDetail()) : null,
                List.of(),
                List.of(),
                Map.of());
    }

    // It is looked through, compared, logged and told on: a client may make it as long as a message can be. Envoy's
    // libraries double a space here and there, in each process others, so that nobody goes by the form of their texts.
    private static String message(Status status) {
        String message = status.getMessage().isEmpty() ? "code " + status.getCode() : status.getMessage();
        return SPACES.matcher(message.substring(0, Math.min(message.length(), MAX_REASON)))
                .replaceAll(" ");
    }
}
