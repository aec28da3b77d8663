package io.flotilla.envoy.authz;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Values;
import io.flotilla.envoy.EnvoyJson;
import java.util.List;
import java.util.Map;

/**
 * The token of a request.
 *
 * @param sent   as it stands in the header; empty for none
 * @param good   its issuer signed it, and it is in its time
 * @param claims what it says
 */
record Bearer(String sent, boolean good, Map<String, Object> claims) {
    static final Bearer NONE = new Bearer("", false, Map.of());

    static String issuer(Map<String, Object> claims) {
        return String.valueOf(claims.get("iss"));
    }

    static Struct struct(Map<String, Object> claims) {
        Struct.Builder struct = Struct.newBuilder();
        claims.forEach((name, value) -> struct.putFields(name, value(value)));
        return struct.build();
    }

    static String json(Map<String, Object> claims) {
        return EnvoyJson.of(struct(claims));
    }

    @SuppressWarnings("unchecked") // what the generator makes
    private static Value value(Object value) {
        return switch (value) {
            case String text -> Values.of(text);
            case Integer number -> Values.of(number);
            case List<?> list -> Values.of(list.stream().map(Bearer::value).toList());
            case Map<?, ?> map -> Values.of(struct((Map<String, Object>) map));
            default -> throw new IllegalArgumentException(value.toString());
        };
    }
}
