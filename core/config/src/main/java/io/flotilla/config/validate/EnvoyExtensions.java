package io.flotilla.config.validate;

import com.google.protobuf.Message;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Filters and other extensions of Envoy that patches put in most, by the full name of their message. */
public final class EnvoyExtensions {
    private static final Map<String, Message> BY_NAME = List.<Message>of(
                    io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                            .getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit
                            .getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit
                            .getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.network.redis_proxy.v3.RedisProxy.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.network.ext_authz.v3.ExtAuthz.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.router.v3.Router.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.csrf.v3.CsrfPolicy.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder
                            .getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.adaptive_concurrency.v3.AdaptiveConcurrency
                            .getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.oauth2.v3.OAuth2.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.wasm.v3.Wasm.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.http.tap.v3.Tap.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector
                            .getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol
                            .getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster.getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig
                            .getDefaultInstance(),
                    io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.getDefaultInstance())
            .stream()
            .collect(Collectors.toUnmodifiableMap(
                    message -> message.getDescriptorForType().getFullName(), Function.identity()));

    private EnvoyExtensions() {}

    /** One message of each that is known. */
    public static Collection<Message> known() {
        return BY_NAME.values();
    }

    /** Empty for names that are not known here: Envoy and others have more than these. */
    static Optional<Message> named(String fullName) {
        return Optional.ofNullable(BY_NAME.get(fullName));
    }
}
