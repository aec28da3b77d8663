package io.flotilla.envoy.filter;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.tls.MeshTls;

/**
 * Marks requests to unnamed ports as HTTP in the ALPN of mesh TLS: the cluster of such a port is shared with TCP, and
 * the server can only tell them apart by this mark.
 */
public final class AlpnOverride {
    public static final String NAME = "envoy.filters.http.set_filter_state";

    private static final HttpFilter FILTER = HttpFilter.newBuilder()
            .setName(NAME)
            .setTypedConfig(Wire.any(Config.getDefaultInstance()))
            .build();

    private static final Any PER_ROUTE = Wire.any(Config.newBuilder()
            .addOnRequestHeaders(FilterStateValue.newBuilder()
                    .setObjectKey("envoy.network.application_protocols")
                    .setFormatString(SubstitutionFormatString.newBuilder()
                            .setTextFormatSource(DataSource.newBuilder().setInlineString(MeshTls.ALPN_HTTP)))
                    .setSharedWithUpstream(FilterStateValue.SharedWithUpstream.ONCE))
            .build());

    private AlpnOverride() {}

    /** Does nothing until a route asks for it. */
    static HttpFilter filter() {
        return FILTER;
    }

    /** What a route to an unnamed port carries under {@link #NAME}. */
    public static Any perRoute() {
        return PER_ROUTE;
    }
}
