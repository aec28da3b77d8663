package io.flotilla.envoy.patch;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.DeprecatedListenerMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.EnvoyConfigObjectMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.EnvoyConfigObjectPatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ListenerMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.PatchContext;
import io.flotilla.envoy.endpoint.AddressRange;
import java.util.List;
import java.util.Map;

/**
 * The form of EnvoyFilters in Istio 1.1 as today's. Its filters had untyped configuration, which Envoy does not take any
 * more, so the type is found by the filter's name; of a name without one the patch cannot be read.
 */
final class ClassicFilters {
    private static final String PREFIX = "type.googleapis.com/envoy.extensions.filters.";
    private static final String LUA = "envoy.filters.http.lua";
    private static final Map<String, String> TYPES = Map.of(
            LUA,
            PREFIX + "http.lua.v3.Lua",
            "envoy.filters.http.fault",
            PREFIX + "http.fault.v3.HTTPFault",
            "envoy.filters.http.cors",
            PREFIX + "http.cors.v3.Cors",
            "envoy.filters.http.ext_authz",
            PREFIX + "http.ext_authz.v3.ExtAuthz",
            "envoy.filters.http.buffer",
            PREFIX + "http.buffer.v3.Buffer",
            "envoy.filters.http.jwt_authn",
            PREFIX + "http.jwt_authn.v3.JwtAuthentication",
            "envoy.filters.http.rbac",
            PREFIX + "http.rbac.v3.RBAC",
            "envoy.filters.http.ratelimit",
            PREFIX + "http.ratelimit.v3.RateLimit",
            "envoy.filters.http.grpc_web",
            PREFIX + "http.grpc_web.v3.GrpcWeb",
            "envoy.filters.network.ext_authz",
            PREFIX + "network.ext_authz.v3.ExtAuthz");

    private ClassicFilters() {}

    @SuppressWarnings("deprecation") // the form of 1.1
    static List<EnvoyConfigObjectPatch> of(EnvoyFilter filter) {
        return filter.getFiltersList().stream().map(ClassicFilters::current).toList();
    }

    /** The addresses of listeners that one of them is for; empty for all. Validation let none in that is no range. */
    @SuppressWarnings("deprecation") // the form of 1.1
    static List<AddressRange> bound(EnvoyFilter filter, int index) {
        return filter.getFilters(index).getListenerMatch().getAddressList().stream()
                .flatMap(address -> AddressRange.parse(address).stream())
                .toList();
    }

    private static EnvoyConfigObjectPatch current(EnvoyFilter.Filter filter) {
        boolean http = filter.getFilterType() == EnvoyFilter.Filter.FilterType.HTTP;
        return EnvoyConfigObjectPatch.newBuilder()
                .setApplyTo(http ? ApplyTo.HTTP_FILTER : ApplyTo.NETWORK_FILTER)
                .setMatch(match(filter, http))
                .setPatch(EnvoyFilter.Patch.newBuilder()
                        .setOperation(operation(filter, http))
                        .setValue(value(filter)))
                .build();
    }

    // A chain of one protocol has one filter for it, before which others stand.
    private static Operation operation(EnvoyFilter.Filter filter, boolean http) {
        boolean beside = !filter.getInsertPosition().getRelativeTo().isEmpty();
        if (!http && !beside && !protocol(filter).isEmpty()) {
            return Operation.INSERT_BEFORE;
        }
        return switch (filter.getInsertPosition().getIndex()) {
            case FIRST -> Operation.INSERT_FIRST;
            case BEFORE -> Operation.INSERT_BEFORE;
            case AFTER -> Operation.INSERT_AFTER;
            case LAST, UNRECOGNIZED -> Operation.ADD;
        };
    }

    private static String protocol(EnvoyFilter.Filter filter) {
        return switch (filter.getListenerMatch().getListenerProtocol()) {
            case HTTP -> FilterNames.MANAGER;
            case TCP -> FilterNames.TCP_PROXY;
            case ALL, UNRECOGNIZED -> "";
        };
    }

    private static EnvoyConfigObjectMatch match(EnvoyFilter.Filter filter, boolean http) {
        DeprecatedListenerMatch given = filter.getListenerMatch();
        ListenerMatch.Builder listener = ListenerMatch.newBuilder().setPortNumber(given.getPortNumber());
        if (!given.getPortNamePrefix().isEmpty()) {
            listener.setPortName(given.getPortNamePrefix() + PortNames.ANY_END);
        }
        String relative = filter.getInsertPosition().getRelativeTo();
        String only = protocol(filter);
        if (!relative.isEmpty() || !only.isEmpty()) {
            ListenerMatch.FilterMatch.Builder at =
                    listener.getFilterChainBuilder().getFilterBuilder().setName(http ? FilterNames.MANAGER : only);
            if (!relative.isEmpty() && http) {
                at.getSubFilterBuilder().setName(relative);
            } else if (!relative.isEmpty()) {
                at.setName(relative);
            }
        }
        return EnvoyConfigObjectMatch.newBuilder()
                .setContext(
                        switch (given.getListenerType()) {
                            case SIDECAR_INBOUND -> PatchContext.SIDECAR_INBOUND;
                            case SIDECAR_OUTBOUND -> PatchContext.SIDECAR_OUTBOUND;
                            case GATEWAY -> PatchContext.GATEWAY;
                            case ANY, UNRECOGNIZED -> PatchContext.ANY;
                        })
                .setListener(listener)
                .build();
    }

    // Envoy calls the field of 1.1 deprecated.
    private static void code(Struct.Builder lua) {
        for (String field : List.of("inlineCode", "inline_code")) {
            Value code = lua.getFieldsMap().get(field);
            if (code != null) {
                lua.removeFields(field)
                        .putFields(
                                "default_source_code",
                                Value.newBuilder()
                                        .setStructValue(Struct.newBuilder().putFields("inline_string", code))
                                        .build());
            }
        }
    }

    private static Struct value(EnvoyFilter.Filter filter) {
        String name = FilterNames.current(filter.getFilterName());
        Struct.Builder config = filter.getFilterConfig().toBuilder();
        String type = TYPES.get(name);
        if (name.equals(LUA)) {
            code(config);
        }
        if (type != null) {
            config.putFields("@type", Value.newBuilder().setStringValue(type).build());
        }
        return Struct.newBuilder()
                .putFields("name", Value.newBuilder().setStringValue(name).build())
                .putFields(
                        "typed_config",
                        Value.newBuilder().setStructValue(config).build())
                .build();
    }
}
