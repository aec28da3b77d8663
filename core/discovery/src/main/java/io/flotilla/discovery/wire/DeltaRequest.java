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
    private static final int FEW = 16;

    /** Whether it says little: that a response was taken, or that a few names are wanted, or no longer wanted. */
    public boolean brief() {
        int names = subscribe.size() + unsubscribe.size();
        return error == null && heldNames.isEmpty() && names <= FEW && (names > 0 || !nonce.isEmpty());
    }
}
