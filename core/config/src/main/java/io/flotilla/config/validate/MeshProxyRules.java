package io.flotilla.config.validate;

import com.google.protobuf.Duration;
import io.flotilla.api.mesh.v1alpha1.AuthenticationPolicy;
import io.flotilla.api.mesh.v1alpha1.PrivateKeyProvider;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ConnectionSettings;
import io.flotilla.api.mesh.v1alpha1.RemoteService;
import io.flotilla.api.mesh.v1alpha1.Tracing;
import io.flotilla.config.schema.FieldPath;

/** What the settings of proxies in a MeshConfig must be: "defaultConfig". Absent is never wrong. */
final class MeshProxyRules {
    private static final String CODE = "FL0804";

    private final Check check;
    private final MeshAddresses addresses;

    MeshProxyRules(Check check) {
        this.check = check;
        this.addresses = new MeshAddresses(check);
    }

    @SuppressWarnings("deprecation") // old meshes have them
    void check(ProxyConfig proxy, FieldPath at) {
        addresses.port(proxy.getProxyAdminPort(), at.field("proxyAdminPort"));
        addresses.port(proxy.getStatusPort(), at.field("statusPort"));
        check.require(
                proxy.getStatusPort() == 0 || proxy.getStatusPort() != proxy.getProxyAdminPort(),
                CODE,
                at.field("statusPort"),
                "is proxyAdminPort too");
        if (proxy.hasDrainDuration()) {
            seconds(proxy.getDrainDuration(), at.field("drainDuration"));
        }
        if (proxy.hasParentShutdownDuration()) {
            seconds(proxy.getParentShutdownDuration(), at.field("parentShutdownDuration"));
        }
        if (proxy.hasTerminationDrainDuration()) {
            check.durationOrZero(proxy.getTerminationDrainDuration(), at.field("terminationDrainDuration"));
        }
        if (proxy.hasFileFlushInterval()) {
            check.duration(proxy.getFileFlushInterval(), at.field("fileFlushInterval"));
        }
        address(proxy.getDiscoveryAddress(), at.field("discoveryAddress"));
        address(proxy.getStatsdUdpAddress(), at.field("statsdUdpAddress"));
        statsd(proxy.getStatsdUdpAddress(), at.field("statsdUdpAddress"));
        address(proxy.getZipkinAddress(), at.field("zipkinAddress"));
        address(proxy.getEnvoyMetricsServiceAddress(), at.field("envoyMetricsServiceAddress"));
        remote(proxy.getEnvoyMetricsService(), at.field("envoyMetricsService"));
        remote(proxy.getEnvoyAccessLogService(), at.field("envoyAccessLogService"));
        check.require(
                proxy.getControlPlaneAuthPolicy() != AuthenticationPolicy.INHERIT,
                CODE,
                at.field("controlPlaneAuthPolicy"),
                "must be NONE or MUTUAL_TLS");
        check.notNegative(proxy.getConcurrency().getValue(), CODE, at.field("concurrency"));
        check.notNegative(proxy.getStatNameLength(), CODE, at.field("statNameLength"));
        check.noneEmpty(proxy.getExtraStatTagsList(), CODE, at.field("extraStatTags"));
        for (int i = 0; i < proxy.getProxyStatsMatcher().getInclusionRegexpsCount(); i++) {
            check.regex(
                    proxy.getProxyStatsMatcher().getInclusionRegexps(i),
                    at.field("proxyStatsMatcher").field("inclusionRegexps").item(i));
        }
        if (proxy.hasReadinessProbe()) {
            WorkloadRules.probe(proxy.getReadinessProbe(), at.field("readinessProbe"), check);
        }
        if (proxy.hasPrivateKeyProvider()) {
            keys(proxy.getPrivateKeyProvider(), at.field("privateKeyProvider"));
        }
        if (proxy.hasTracing()) {
            tracing(proxy.getTracing(), at.field("tracing"));
        }
        connections(proxy.getConnectionSettings(), at.field("connectionSettings"));
        FieldsWithoutEffect.check(proxy, at, check);
    }

    // What is no address at all is told of already.
    private void statsd(String address, FieldPath at) {
        if (address.matches("[^\\[].*[A-Za-z].*:[0-9]+")) {
            check.warning(CODE, at, "\"" + address + "\" is a name, and Envoy sends statistics to IP addresses only");
        }
    }

    private void address(String address, FieldPath at) {
        if (!address.isEmpty()) {
            addresses.hostAndPort(address, CODE, at);
        }
    }

    private void seconds(Duration duration, FieldPath at) {
        check.require(
                duration.getSeconds() > 0 && duration.getNanos() == 0,
                CODE,
                at,
                "must be at least 1s and in whole seconds");
    }

    private void remote(RemoteService service, FieldPath at) {
        address(service.getAddress(), at.field("address"));
        TrafficPolicyRules policy = new TrafficPolicyRules(check);
        if (service.hasTlsSettings()) {
            policy.tls(service.getTlsSettings(), at.field("tlsSettings"));
        }
        if (service.hasTcpKeepalive()) {
            policy.keepalive(service.getTcpKeepalive(), at.field("tcpKeepalive"));
        }
    }

    private void keys(PrivateKeyProvider provider, FieldPath at) {
        switch (provider.getProviderCase()) {
            case CRYPTOMB ->
                check.duration(
                        provider.getCryptomb().getPollDelay(),
                        at.field("cryptomb").field("pollDelay"));
            case QAT ->
                check.duration(provider.getQat().getPollDelay(), at.field("qat").field("pollDelay"));
            case PROVIDER_NOT_SET -> check.error(CODE, at, "needs cryptomb or qat");
        }
    }

    private void tracing(Tracing tracing, FieldPath at) {
        double sampling = tracing.getSampling();
        check.require(
                sampling >= 0 && sampling <= 100,
                CODE,
                at.field("sampling"),
                "must be between 0 and 100, not " + sampling);
        switch (tracing.getTracerCase()) {
            case ZIPKIN ->
                addresses.hostOfNodeAndPort(
                        tracing.getZipkin().getAddress(),
                        CODE,
                        at.field("zipkin").field("address"));
            case DATADOG ->
                addresses.hostOfNodeAndPort(
                        tracing.getDatadog().getAddress(),
                        CODE,
                        at.field("datadog").field("address"));
            case LIGHTSTEP -> {
                FieldPath place = at.field("lightstep");
                addresses.hostAndPort(tracing.getLightstep().getAddress(), CODE, place.field("address"));
                check.given(tracing.getLightstep().getAccessToken(), CODE, place.field("accessToken"));
            }
            case OPEN_CENSUS_AGENT, STACKDRIVER, TRACER_NOT_SET -> {
                // What these need has a default, or is a URI of gRPC that only their agent understands.
            }
        }
        if (tracing.hasTlsSettings()) {
            new TrafficPolicyRules(check).tls(tracing.getTlsSettings(), at.field("tlsSettings"));
        }
        tracing.getCustomTagsMap().forEach((name, tag) -> {
            FieldPath place = at.field("customTags").field(name);
            check.require(!name.isEmpty(), CODE, at.field("customTags"), "a tag must have a name");
            switch (tag.getTypeCase()) {
                case LITERAL ->
                    check.given(
                            tag.getLiteral().getValue(),
                            CODE,
                            place.field("literal").field("value"));
                case ENVIRONMENT ->
                    check.given(
                            tag.getEnvironment().getName(),
                            CODE,
                            place.field("environment").field("name"));
                case HEADER ->
                    check.headerName(
                            tag.getHeader().getName(),
                            CODE,
                            place.field("header").field("name"));
                case TYPE_NOT_SET -> check.error(CODE, place, "needs literal, environment or header");
            }
        });
    }

    private void connections(ConnectionSettings settings, FieldPath at) {
        check.notNegative(
                settings.getListenerPerConnectionBufferLimitBytes().getValue(),
                CODE,
                at.field("listenerPerConnectionBufferLimitBytes"));
        check.notNegative(
                settings.getClusterPerConnectionBufferLimitBytes().getValue(),
                CODE,
                at.field("clusterPerConnectionBufferLimitBytes"));
        check.notNegative(settings.getListenerConnectionLimit().getValue(), CODE, at.field("listenerConnectionLimit"));
        check.notNegative(
                settings.getGlobalDownstreamConnectionLimit().getValue(),
                CODE,
                at.field("globalDownstreamConnectionLimit"));
        check.notNegative(
                settings.getHttpMaxConcurrentStreams().getValue(), CODE, at.field("httpMaxConcurrentStreams"));
        check.durationOrZero(settings.getHttpIdleTimeout(), at.field("httpIdleTimeout"));
        check.durationOrZero(settings.getHttpMaxConnectionDuration(), at.field("httpMaxConnectionDuration"));
        check.durationOrZero(settings.getHttpDrainTimeout(), at.field("httpDrainTimeout"));
        check.durationOrZero(settings.getHttpRequestTimeout(), at.field("httpRequestTimeout"));
        check.durationOrZero(settings.getHttpRequestHeadersTimeout(), at.field("httpRequestHeadersTimeout"));
        check.durationOrZero(settings.getHttpStreamIdleTimeout(), at.field("httpStreamIdleTimeout"));
        check.durationOrZero(settings.getHttpMaxStreamDuration(), at.field("httpMaxStreamDuration"));
    }
}
