package io.flotilla.envoy.filter;

import com.google.protobuf.Duration;
import com.google.protobuf.Int32Value;
import com.google.protobuf.util.Durations;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ConnectionSettings;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ConnectionSettings.HeadersWithUnderscoresAction;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ConnectionSettings.PathWithEscapedSlashesAction;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ConnectionSettings.Profile;
import io.flotilla.envoy.Wire;

/**
 * ProxyConfig's connectionSettings with what their profile sets where the setting itself says nothing. EDGE sets values
 * at edges alone (istio.io, "Edge Proxy Configuration").
 */
public final class ConnectionProfile {
    private static final ConnectionSettings EDGE = ConnectionSettings.newBuilder()
            .setListenerPerConnectionBufferLimitBytes(Int32Value.of(32_768))
            .setClusterPerConnectionBufferLimitBytes(Int32Value.of(32_768))
            .setHttpIdleTimeout(Durations.fromHours(1))
            .setHttpRequestTimeout(minutes(5))
            .setHttpStreamIdleTimeout(minutes(5))
            .setHttpMaxConcurrentStreams(Int32Value.of(100))
            .setHttp2InitialStreamWindowSize(Int32Value.of(65_536))
            .setHttp2InitialConnectionWindowSize(Int32Value.of(1_048_576))
            .setHttpRequestHeadersTimeout(minutes(1))
            .setHttpHeadersWithUnderscoresAction(HeadersWithUnderscoresAction.HEADERS_WITH_UNDERSCORES_REJECT_REQUEST)
            .setHttpMergeSlashes(Wire.yes())
            .setHttpPathWithEscapedSlashesAction(PathWithEscapedSlashesAction.UNESCAPE_AND_REDIRECT)
            .build();

    private ConnectionProfile() {}

    /** What holds for a proxy. */
    public static ConnectionSettings of(MeshConfig mesh, boolean edge) {
        ConnectionSettings said = mesh.getDefaultConfig().getConnectionSettings();
        if (!edge || said.getProfile() != Profile.EDGE) {
            return said;
        }
        ConnectionSettings.Builder settled = said.toBuilder();
        EDGE.getAllFields().forEach((field, value) -> {
            if (!said.hasField(field)) {
                settled.setField(field, value);
            }
        });
        return settled.build();
    }

    private static Duration minutes(int minutes) {
        return Durations.fromMinutes(minutes);
    }
}
