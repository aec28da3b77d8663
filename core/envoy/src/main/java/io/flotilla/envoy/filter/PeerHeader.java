package io.flotilla.envoy.filter;

import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.envoy.Wire;
import java.util.List;

/**
 * The header by which members of the mesh tell each other which pod calls, "NAMESPACE/POD".
 *
 * <p>The caller's proxy writes it, from its environment, on its way out to a member of the mesh; whatever an application
 * wrote is replaced. The server's proxy takes it out of the request before the application sees it, and keeps it as
 * metadata for the access log. From plaintext and at edges it is only taken out.
 */
public final class PeerHeader {
    public static final String NAME = "x-flotilla-peer";

    /** Where the server's proxy keeps it: dynamic metadata of this namespace, key {@link #METADATA_KEY}. */
    public static final String METADATA = "flotilla";

    public static final String METADATA_KEY = "peer";

    private static final String VALUE = "%ENVIRONMENT(POD_NAMESPACE)%/%ENVIRONMENT(POD_NAME)%";

    private static final List<HttpFilter> UPSTREAM = List.of(
            filter(
                    "envoy.filters.http.header_mutation",
                    io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation.newBuilder()
                            .setMutations(Mutations.newBuilder()
                                    .addRequestMutations(HeaderMutation.newBuilder()
                                            .setAppend(HeaderValueOption.newBuilder()
                                                    .setAppendAction(
                                                            HeaderValueOption.HeaderAppendAction
                                                                    .OVERWRITE_IF_EXISTS_OR_ADD)
                                                    .setHeader(HeaderValue.newBuilder()
                                                            .setKey(NAME)
                                                            .setValue(VALUE)))))
                            .build()),
            filter("envoy.filters.http.upstream_codec", UpstreamCodec.getDefaultInstance()));

    private static final HttpFilter KEEP = filter(
            "envoy.filters.http.header_to_metadata",
            Config.newBuilder()
                    .addRequestRules(Config.Rule.newBuilder()
                            .setHeader(NAME)
                            .setOnHeaderPresent(Config.KeyValuePair.newBuilder()
                                    .setMetadataNamespace(METADATA)
                                    .setKey(METADATA_KEY)
                                    .setType(Config.ValueType.STRING))
                            .setRemove(true))
                    .build());

    private PeerHeader() {}

    /** Filters of a cluster whose endpoints are members of the mesh. */
    public static List<HttpFilter> upstreamFilters() {
        return UPSTREAM;
    }

    /** The server's side: out of the request, into metadata. */
    public static HttpFilter keep() {
        return KEEP;
    }

    private static HttpFilter filter(String name, com.google.protobuf.Message config) {
        return HttpFilter.newBuilder()
                .setName(name)
                .setTypedConfig(Wire.any(config))
                .build();
    }
}
