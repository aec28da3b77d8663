package io.flotilla.envoy.filter;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.HeadersWithUnderscoresAction;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ConnectionSettings;
import io.flotilla.envoy.Wire;

/**
 * What an edge, whose clients nobody knows, does not let them do: the values that Envoy's documentation recommends for
 * edges, where ProxyConfig's connectionSettings say nothing else. Envoy itself bounds how many headers there are, how
 * long they are, and how many streams are reset.
 */
public final class EdgeLimits {
    private static final Duration IDLE = Durations.fromMinutes(5);
    private static final Duration HEADERS = Durations.fromSeconds(10);
    private static final int STREAMS = 100;
    private static final int STREAM_WINDOW = 65_536;
    private static final int CONNECTION_WINDOW = 1_048_576;
    private static final int BUFFER = 32_768;

    private EdgeLimits() {}

    static void apply(HttpConnectionManager.Builder manager, ConnectionSettings said) {
        if (!said.hasHttpStreamIdleTimeout()) {
            manager.setStreamIdleTimeout(IDLE);
        }
        if (!said.hasHttpRequestHeadersTimeout()) {
            manager.setRequestHeadersTimeout(HEADERS);
        }
        // A server that takes "_" for "-" would see a header that filters did not.
        if (said.getHttpHeadersWithUnderscoresAction()
                == ConnectionSettings.HeadersWithUnderscoresAction.HEADERS_WITH_UNDERSCORES_UNSPECIFIED) {
            manager.getCommonHttpProtocolOptionsBuilder()
                    .setHeadersWithUnderscoresAction(HeadersWithUnderscoresAction.REJECT_REQUEST);
        }
        Http2ProtocolOptions.Builder http2 = manager.getHttp2ProtocolOptionsBuilder();
        if (!said.hasHttpMaxConcurrentStreams()) {
            http2.setMaxConcurrentStreams(Wire.number(STREAMS));
        }
        if (!said.hasHttp2InitialStreamWindowSize()) {
            http2.setInitialStreamWindowSize(Wire.number(STREAM_WINDOW));
        }
        if (!said.hasHttp2InitialConnectionWindowSize()) {
            http2.setInitialConnectionWindowSize(Wire.number(CONNECTION_WINDOW));
        }
    }

    /** Limits of a listener's connections. */
    public static void listener(Listener.Builder listener, Conduct conduct) {
        if (!conduct.connections().hasListenerPerConnectionBufferLimitBytes()) {
            listener.setPerConnectionBufferLimitBytes(Wire.number(BUFFER));
        }
    }
}
