package io.flotilla.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.AdditionalAddress;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.config.model.ObjectKey;
import java.util.List;

/** How values are written in Envoy's messages. */
public final class Wire {
    // Envoy gives up waiting for a route or an assignment after its default of 15 seconds.
    private static final ConfigSource ADS = ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3)
            .build();

    private static final String UNIX = "unix://";

    private Wire() {}

    public static Any any(Message message) {
        return Any.pack(message);
    }

    public static UInt32Value number(int value) {
        return UInt32Value.of(value);
    }

    public static BoolValue yes() {
        return BoolValue.of(true);
    }

    public static BoolValue no() {
        return BoolValue.of(false);
    }

    /** "Over the stream on which this came". */
    public static ConfigSource ads() {
        return ADS;
    }

    /** A TCP address, or the UNIX socket "unix://PATH". */
    public static Address address(String ip, int port) {
        if (ip.startsWith(UNIX)) {
            return Address.newBuilder()
                    .setPipe(Pipe.newBuilder().setPath(ip.substring(UNIX.length())))
                    .build();
        }
        return Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress(ip).setPortValue(port))
                .build();
    }

    /** Where a listener is: the first address and, of a pod with both kinds of addresses, the other. */
    public static void at(Listener.Builder listener, List<String> addresses, int port) {
        listener.setAddress(address(addresses.getFirst(), port));
        addresses.stream()
                .skip(1)
                .forEach(other -> listener.addAdditionalAddresses(
                        AdditionalAddress.newBuilder().setAddress(address(other, port))));
    }

    /** Metadata that names the object that decided, where Istio's users look for it: istio.config. */
    public static Metadata decidedBy(ObjectKey key, String kind) {
        String path = "/apis/" + key.kind().group() + "/v1alpha3/namespaces/" + key.namespace() + "/" + kind + "/"
                + key.name();
        return Metadata.newBuilder()
                .putFilterMetadata("istio", struct("config", path))
                .build();
    }

    /** A struct of one text field. */
    public static Struct struct(String key, String value) {
        return Struct.newBuilder()
                .putFields(key, Value.newBuilder().setStringValue(value).build())
                .build();
    }
}
