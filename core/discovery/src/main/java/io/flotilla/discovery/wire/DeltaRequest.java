package io.flotilla.discovery.wire;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A DeltaDiscoveryRequest whose names and versions stay where they lie: a proxy that comes back names thousands.
 *
 * @param node         who asks; empty after the first request of a stream
 * @param error        why a response is refused; null where it is not
 * @param subscribe    names wanted from now on
 * @param heldNames    of what the client holds
 * @param heldVersions of these, one to each
 */
public record DeltaRequest(
        Node node,
        String typeUrl,
        String nonce,
        @Nullable Status error,
        Texts subscribe,
        List<String> unsubscribe,
        Texts heldNames,
        Texts heldVersions) {
    /** Whether all that it says is that a response was taken. */
    public boolean answers() {
        return !nonce.isEmpty() && error == null && subscribe.isEmpty() && unsubscribe.isEmpty() && heldNames.isEmpty();
    }
}
