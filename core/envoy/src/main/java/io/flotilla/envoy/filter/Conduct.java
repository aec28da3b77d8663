package io.flotilla.envoy.filter;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.HeadersWithUnderscoresAction;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ServerHeaderTransformation;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig;
import io.flotilla.api.mesh.v1alpha1.ForwardClientCertDetails;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ConnectionSettings;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ProxyHeaders;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ProxyHeaders.SetCurrentClientCertDetails;
import io.flotilla.api.mesh.v1alpha1.Topology;
import io.flotilla.api.mesh.v1alpha1.Tracing;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.tls.TlsDefaults;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How connection managers behave by the mesh's ProxyConfig.
 *
 * @param headers     that they add and take away
 * @param connections limits and timeouts of clients
 * @param topology    what stands before an edge
 * @param tracing     tags of spans
 * @param tls         versions and ciphers
 * @param names       how names are looked up that requests bring along; empty where none has to be
 */
public record Conduct(
        ProxyHeaders headers,
        ConnectionSettings connections,
        Topology topology,
        Tracing tracing,
        TlsDefaults tls,
        Optional<NameLookup> names) {
    private static final Http1ProtocolOptions.HeaderKeyFormat PRESERVED =
            Http1ProtocolOptions.HeaderKeyFormat.newBuilder()
                    .setStatefulFormatter(TypedExtensionConfig.newBuilder()
                            .setName("preserve_case")
                            .setTypedConfig(Wire.any(PreserveCaseFormatterConfig.getDefaultInstance())))
                    .build();

    /** The mesh's. */
    public static Conduct of(Scope scope) {
        ProxyConfig config = scope.snapshot().meshConfig().getDefaultConfig();
        return new Conduct(
                config.getProxyHeaders(),
                ConnectionProfile.of(scope.snapshot().meshConfig(), scope.view().router()),
                config.getGatewayTopology(),
                config.getTracing(),
                TlsDefaults.of(scope.snapshot().meshConfig()),
                Optional.empty());
    }

    private Conduct with(Optional<NameLookup> lookup) {
        return new Conduct(headers, connections, topology, tracing, tls, lookup);
    }

    /** The mesh's, for what is sent on from a proxy to the services that it knows. */
    static Conduct sending(Scope scope) {
        return of(scope).with(NameLookup.of(scope));
    }

    /** Whether headers keep the case in which HTTP/1 brought them, on both sides of the proxy. */
    public static boolean preservesCase(MeshConfig mesh) {
        return mesh.getDefaultConfig()
                .getProxyHeaders()
                .getPreserveHttp1HeaderCase()
                .getValue();
    }

    /** What keeps it. */
    public static Http1ProtocolOptions.HeaderKeyFormat preserved() {
        return PRESERVED;
    }

    /** The last filter: it says nothing of what Envoy did where debugging headers are off. */
    HttpFilter router() {
        boolean silent = headers.getEnvoyDebugHeaders().getDisabled().getValue();
        return silent ? HttpFilters.SILENT_ROUTER : HttpFilters.ROUTER;
    }

    /** Limits of a listener's connections. */
    void listener(Listener.Builder listener) {
        if (connections.hasListenerPerConnectionBufferLimitBytes()) {
            listener.setPerConnectionBufferLimitBytes(Wire.number(
                    connections.getListenerPerConnectionBufferLimitBytes().getValue()));
        }
    }

    /** What holds on every side. */
    void apply(HttpConnectionManager.Builder manager) {
        headers(manager);
        given(connections.hasHttpDrainTimeout(), connections.getHttpDrainTimeout(), manager::setDrainTimeout);
        given(connections.hasHttpRequestTimeout(), connections.getHttpRequestTimeout(), manager::setRequestTimeout);
        given(
                connections.hasHttpRequestHeadersTimeout(),
                connections.getHttpRequestHeadersTimeout(),
                manager::setRequestHeadersTimeout);
        given(
                connections.hasHttpStreamIdleTimeout(),
                connections.getHttpStreamIdleTimeout(),
                manager::setStreamIdleTimeout);
        common(manager);
        http2(manager);
    }

    /** What is done to paths, beside {@link Paths}, before anything looks at them. */
    void paths(HttpConnectionManager.Builder manager) {
        if (connections.getHttpMergeSlashes().getValue()) {
            manager.setMergeSlashes(true);
        }
        switch (connections.getHttpPathWithEscapedSlashesAction()) {
            case KEEP_UNCHANGED -> escaped(manager, PathWithEscapedSlashesAction.KEEP_UNCHANGED);
            case REJECT_REQUEST -> escaped(manager, PathWithEscapedSlashesAction.REJECT_REQUEST);
            case UNESCAPE_AND_REDIRECT -> escaped(manager, PathWithEscapedSlashesAction.UNESCAPE_AND_REDIRECT);
            case UNESCAPE_AND_FORWARD -> escaped(manager, PathWithEscapedSlashesAction.UNESCAPE_AND_FORWARD);
            case PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED, UNRECOGNIZED -> {}
        }
    }

    /** What servers' sides and edges say of themselves. */
    void server(HttpConnectionManager.Builder manager) {
        if (headers.getServer().getDisabled().getValue()) {
            manager.clearServerName().setServerHeaderTransformation(ServerHeaderTransformation.PASS_THROUGH);
        } else if (!headers.getServer().getValue().isEmpty()) {
            manager.setServerName(headers.getServer().getValue());
        }
    }

    /** What the server's side tells of a client's certificate. */
    void caller(HttpConnectionManager.Builder manager) {
        forward(manager, headers.getForwardedClientCert());
        if (headers.hasSetCurrentClientCertDetails()) {
            SetCurrentClientCertDetails told = headers.getSetCurrentClientCertDetails();
            manager.setSetCurrentClientCertDetails(HttpConnectionManager.SetCurrentClientCertDetails.newBuilder()
                    .setSubject(BoolValue.of(unlessSaid(told.hasSubject(), told.getSubject(), true)))
                    .setCert(unlessSaid(told.hasCert(), told.getCert(), false))
                    .setChain(unlessSaid(told.hasChain(), told.getChain(), false))
                    .setDns(unlessSaid(told.hasDns(), told.getDns(), true))
                    .setUri(unlessSaid(told.hasUri(), told.getUri(), true)));
        }
    }

    /** What an edge believes of those before it. */
    void edge(HttpConnectionManager.Builder manager) {
        manager.setXffNumTrustedHops(topology.getNumTrustedProxies());
        forward(manager, topology.getForwardClientCertDetails());
    }

    private void headers(HttpConnectionManager.Builder manager) {
        if (headers.getRequestId().getDisabled().getValue()) {
            manager.setGenerateRequestId(Wire.no());
        }
        if (headers.getPreserveHttp1HeaderCase().getValue()) {
            manager.getHttpProtocolOptionsBuilder().setHeaderKeyFormat(PRESERVED);
        }
        if (headers.getXForwardedPort().getEnabled().getValue()) {
            manager.setAppendXForwardedPort(true);
        }
    }

    private void common(HttpConnectionManager.Builder manager) {
        HttpProtocolOptions.Builder common = manager.getCommonHttpProtocolOptions().toBuilder();
        given(connections.hasHttpIdleTimeout(), connections.getHttpIdleTimeout(), common::setIdleTimeout);
        given(
                connections.hasHttpMaxConnectionDuration(),
                connections.getHttpMaxConnectionDuration(),
                common::setMaxConnectionDuration);
        given(
                connections.hasHttpMaxStreamDuration(),
                connections.getHttpMaxStreamDuration(),
                common::setMaxStreamDuration);
        switch (connections.getHttpHeadersWithUnderscoresAction()) {
            case HEADERS_WITH_UNDERSCORES_REJECT_REQUEST ->
                common.setHeadersWithUnderscoresAction(HeadersWithUnderscoresAction.REJECT_REQUEST);
            case HEADERS_WITH_UNDERSCORES_DROP_HEADER ->
                common.setHeadersWithUnderscoresAction(HeadersWithUnderscoresAction.DROP_HEADER);
            case HEADERS_WITH_UNDERSCORES_ALLOW, HEADERS_WITH_UNDERSCORES_UNSPECIFIED, UNRECOGNIZED -> {}
        }
        if (!common.build().equals(HttpProtocolOptions.getDefaultInstance())) {
            manager.setCommonHttpProtocolOptions(common);
        }
    }

    private void http2(HttpConnectionManager.Builder manager) {
        if (connections.hasHttpMaxConcurrentStreams()) {
            manager.getHttp2ProtocolOptionsBuilder()
                    .setMaxConcurrentStreams(Wire.number(
                            connections.getHttpMaxConcurrentStreams().getValue()));
        }
        if (connections.hasHttp2InitialStreamWindowSize()) {
            manager.getHttp2ProtocolOptionsBuilder()
                    .setInitialStreamWindowSize(Wire.number(
                            connections.getHttp2InitialStreamWindowSize().getValue()));
        }
        if (connections.hasHttp2InitialConnectionWindowSize()) {
            manager.getHttp2ProtocolOptionsBuilder()
                    .setInitialConnectionWindowSize(Wire.number(
                            connections.getHttp2InitialConnectionWindowSize().getValue()));
        }
    }

    private static void forward(HttpConnectionManager.Builder manager, ForwardClientCertDetails details) {
        switch (details) {
            case SANITIZE ->
                manager.setForwardClientCertDetails(HttpConnectionManager.ForwardClientCertDetails.SANITIZE);
            case FORWARD_ONLY ->
                manager.setForwardClientCertDetails(HttpConnectionManager.ForwardClientCertDetails.FORWARD_ONLY);
            case APPEND_FORWARD ->
                manager.setForwardClientCertDetails(HttpConnectionManager.ForwardClientCertDetails.APPEND_FORWARD);
            case SANITIZE_SET ->
                manager.setForwardClientCertDetails(HttpConnectionManager.ForwardClientCertDetails.SANITIZE_SET);
            case ALWAYS_FORWARD_ONLY ->
                manager.setForwardClientCertDetails(HttpConnectionManager.ForwardClientCertDetails.ALWAYS_FORWARD_ONLY);
            case UNDEFINED, UNRECOGNIZED -> {}
        }
    }

    private static boolean unlessSaid(boolean said, BoolValue value, boolean otherwise) {
        return said ? value.getValue() : otherwise;
    }

    private static void given(boolean has, Duration value, Consumer<Duration> set) {
        if (has) {
            set.accept(value);
        }
    }

    private static void escaped(HttpConnectionManager.Builder manager, PathWithEscapedSlashesAction action) {
        manager.setPathWithEscapedSlashesAction(action);
    }
}
