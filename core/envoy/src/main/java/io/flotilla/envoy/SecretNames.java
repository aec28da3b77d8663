package io.flotilla.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The secrets that a proxy will ask for, sorted. */
final class SecretNames {
    private SecretNames() {}

    static Set<String> of(EnvoyResources resources) {
        Stream<TransportSocket> servers = resources.listeners().stream()
                .flatMap(listener -> Stream.concat(
                        listener.getFilterChainsList().stream(), Stream.of(listener.getDefaultFilterChain())))
                .map(FilterChain::getTransportSocket);
        Stream<TransportSocket> clients = resources.clusters().stream()
                .flatMap(cluster -> Stream.concat(
                        Stream.of(cluster.getTransportSocket()),
                        cluster.getTransportSocketMatchesList().stream()
                                .map(Cluster.TransportSocketMatch::getTransportSocket)));
        Set<String> names = new TreeSet<>();
        Stream.concat(servers, clients)
                .map(socket -> context(socket.getTypedConfig()))
                .forEach(context -> {
                    context.getTlsCertificateSdsSecretConfigsList().stream()
                            .map(SdsSecretConfig::getName)
                            .forEach(names::add);
                    String roots = context.getCombinedValidationContext()
                            .getValidationContextSdsSecretConfig()
                            .getName();
                    if (!roots.isEmpty()) {
                        names.add(roots);
                    }
                });
        return names;
    }

    private static CommonTlsContext context(Any config) {
        try {
            if (config.is(DownstreamTlsContext.class)) {
                return config.unpack(DownstreamTlsContext.class).getCommonTlsContext();
            }
            return config.is(UpstreamTlsContext.class)
                    ? config.unpack(UpstreamTlsContext.class).getCommonTlsContext()
                    : CommonTlsContext.getDefaultInstance();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("packed by us", e);
        }
    }
}
