package io.flotilla.envoy.revocation;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.flotilla.envoy.Wire;

/**
 * What is remembered of a peer's certificate as long as its connection lasts: serial number and beginning. Envoy's
 * rules cannot ask for either, but for what filters have remembered (envoy.filters.network.set_filter_state).
 */
public final class PeerFacts {
    /** Lower-case hexadecimal of whole bytes; "-" where the peer showed no certificate. */
    static final String SERIAL = "flotilla.peer.serial";

    /** Seconds since 1970; "-" where the peer showed no certificate. */
    static final String BEGIN = "flotilla.peer.begin";

    private static final Filter FILTER = Filter.newBuilder()
            .setName("envoy.filters.network.set_filter_state")
            .setTypedConfig(Wire.any(TypedStruct.newBuilder()
                    // The field is newer than the classes of Envoy's API that we build with.
                    .setTypeUrl("type.googleapis.com/envoy.extensions.filters.network.set_filter_state.v3.Config")
                    .setValue(Struct.newBuilder()
                            .putFields(
                                    "on_downstream_tls_handshake",
                                    list(
                                            fact(SERIAL, "%DOWNSTREAM_PEER_SERIAL%"),
                                            fact(BEGIN, "%DOWNSTREAM_PEER_CERT_V_START(%s)%"))))
                    .build()))
            .build();

    private PeerFacts() {}

    /** The first filter of a chain whose clients show certificates. */
    public static Filter filter() {
        return FILTER;
    }

    private static Value fact(String key, String format) {
        Struct source = Wire.struct("inline_string", format);
        return value(Struct.newBuilder()
                .putFields("object_key", text(key))
                .putFields("factory_key", text("envoy.string"))
                .putFields(
                        "format_string",
                        value(Struct.newBuilder()
                                .putFields("text_format_source", value(source))
                                .build()))
                .build());
    }

    private static Value list(Value... values) {
        return Value.newBuilder()
                .setListValue(ListValue.newBuilder().addAllValues(java.util.List.of(values)))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Value value(Struct struct) {
        return Value.newBuilder().setStructValue(struct).build();
    }
}
