package io.flotilla.envoy.dump;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.flotilla.envoy.EnvoyTypes;
import java.util.List;
import java.util.TreeSet;

/** Resources as lines that can be compared. */
final class ResourceText {
    // Packed messages may hold maps, whose bytes have no order: what they say is compared.
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().usingTypeRegistry(EnvoyTypes.registry()).sortingMapKeys();

    /** Envoy dumps this in the place of what its API calls sensitive (where keys are, tokens); bytes are in base64. */
    private static final List<String> REDACTED = List.of("\"[redacted]\"", "\"W3JlZGFjdGVkXQ==\"");

    private ResourceText() {}

    /** Protobuf JSON, a field a line; of a load assignment its places, since Envoy dumps their state, not the message. */
    static List<String> of(Message message) {
        if (message instanceof ClusterLoadAssignment assignment) {
            return places(assignment);
        }
        try {
            return PRINTER.print(message).lines().toList();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a packed type is missing in EnvoyTypes", e);
        }
    }

    /** Whether a line that is held says what the one that is told says: what is redacted may be anything. */
    static boolean same(String told, String held) {
        if (told.equals(held)) {
            return true;
        }
        for (String redacted : REDACTED) {
            int at = held.indexOf(redacted);
            if (at >= 0 && told.startsWith(held.substring(0, at))) {
                return true;
            }
        }
        return false;
    }

    private static List<String> places(ClusterLoadAssignment assignment) {
        TreeSet<String> places = new TreeSet<>();
        for (LocalityLbEndpoints locality : assignment.getEndpointsList()) {
            String where = locality.getLocality().getRegion() + "/"
                    + locality.getLocality().getZone() + "/"
                    + locality.getLocality().getSubZone();
            for (LbEndpoint endpoint : locality.getLbEndpointsList()) {
                var address = endpoint.getEndpoint().getAddress();
                String at = address.hasPipe()
                        ? address.getPipe().getPath()
                        : address.getSocketAddress().getAddress() + ":"
                                + address.getSocketAddress().getPortValue();
                // Without a weight one counts as one, and so Envoy dumps it.
                places.add("%s, weight %d, priority %d, in %s"
                        .formatted(
                                at,
                                Math.max(1, endpoint.getLoadBalancingWeight().getValue()),
                                locality.getPriority(),
                                where));
            }
        }
        return List.copyOf(places);
    }
}
