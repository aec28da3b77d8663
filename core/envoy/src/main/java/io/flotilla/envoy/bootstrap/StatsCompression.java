package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Compressed statistics, for scrapers that accept gzip, as Prometheus does: a proxy that knows a thousand services has
 * megabytes of them. ProxyConfig's statsCompression turns it off.
 */
final class StatsCompression {
    private StatsCompression() {}

    /** The listener of statistics compresses what it answers. */
    static void offer(Bootstrap.Builder bootstrap) {
        for (Listener.Builder listener : bootstrap.getStaticResourcesBuilder().getListenersBuilderList()) {
            if (listener.getName().equals(StaticHttpListeners.STATS)) {
                Filter.Builder manager = listener.getFilterChainsBuilder(0).getFiltersBuilder(0);
                manager.setTypedConfig(compressing(manager.getTypedConfig()));
            }
        }
    }

    private static Any compressing(Any made) {
        try {
            HttpConnectionManager manager = made.unpack(HttpConnectionManager.class);
            return Any.pack(manager.toBuilder()
                    .clearHttpFilters()
                    .addHttpFilters(HttpFilter.newBuilder()
                            .setName("envoy.filters.http.compressor")
                            .setTypedConfig(Any.pack(compressor())))
                    .addAllHttpFilters(manager.getHttpFiltersList())
                    .build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a listener that was made here cannot be read", e);
        }
    }

    // "text/plain", which Envoy's statistics are, is among the types that it compresses by itself.
    private static Compressor compressor() {
        return Compressor.newBuilder()
                .setCompressorLibrary(TypedExtensionConfig.newBuilder()
                        .setName("gzip")
                        .setTypedConfig(Any.pack(Gzip.getDefaultInstance())))
                .build();
    }
}
