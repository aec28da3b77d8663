package io.flotilla.config.validate;

import com.google.protobuf.Duration;
import io.flotilla.api.mesh.v1alpha1.ConfigSource;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.OutboundTrafficPolicy;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a MeshConfig must be. Absent is never wrong, since everything has a default. */
final class MeshRules {
    private static final String CODE = "FL0801";
    private static final int MAX_CONNECT_SECONDS = 3600;
    private static final int MAX_CONNECT_SECONDS_CLASSIC = 30;
    private static final int NANOS_OF_MILLI = 1_000_000;
    private static final Pattern SOURCE = Pattern.compile("(?:([a-z0-9]+)://)?(.*)");
    private static final Set<String> LOCAL_SOURCES = Set.of("fs", "k8s");
    private static final Set<String> REMOTE_SOURCES = Set.of("", "xds", "xds+tls", "mcp", "mcp+tls");

    private final Check check;
    private final MeshAddresses addresses;

    MeshRules(Check check) {
        this.check = check;
        this.addresses = new MeshAddresses(check);
    }

    void check(MeshConfig mesh, FieldPath at) {
        ports(mesh, at);
        times(mesh, at);
        names(mesh, at);
        traffic(mesh, at);
        sources(mesh, at);
        certificates(mesh, at);
        MeshSelectorRules selectors = new MeshSelectorRules(check);
        selectors.check(mesh, at);
        new MeshTlsRules(check).check(mesh, at);
        new MeshProviderRules(check).check(mesh.getExtensionProvidersList(), at.field("extensionProviders"));
        if (mesh.hasDefaultConfig()) {
            new MeshProxyRules(check).check(mesh.getDefaultConfig(), at.field("defaultConfig"));
        }
        FieldsWithoutEffect.check(mesh, at, check);
        String compatibility = mesh.getCompatibility();
        check.require(
                compatibility.isEmpty() || compatibility.equals("1.1"),
                CODE,
                at.field("compatibility"),
                "must be \"1.1\" or absent, not \"" + compatibility + "\"");
    }

    private void ports(MeshConfig mesh, FieldPath at) {
        addresses.port(mesh.getProxyListenPort(), at.field("proxyListenPort"));
        addresses.port(mesh.getProxyHttpPort(), at.field("proxyHttpPort"));
        addresses.port(mesh.getProxyInboundListenPort(), at.field("proxyInboundListenPort"));
        int outbound = mesh.getProxyListenPort();
        check.require(
                outbound == 0 || outbound != mesh.getProxyInboundListenPort(),
                CODE,
                at.field("proxyInboundListenPort"),
                "is proxyListenPort too; a proxy listens there for outbound traffic");
    }

    private void times(MeshConfig mesh, FieldPath at) {
        if (mesh.hasConnectTimeout()) {
            Duration timeout = mesh.getConnectTimeout();
            check.duration(timeout, at.field("connectTimeout"));
            int most = check.classic() ? MAX_CONNECT_SECONDS_CLASSIC : MAX_CONNECT_SECONDS;
            check.require(
                    timeout.getSeconds() < most || (timeout.getSeconds() == most && timeout.getNanos() == 0),
                    CODE,
                    at.field("connectTimeout"),
                    "must be at most " + most + "s");
        }
        if (mesh.hasProtocolDetectionTimeout()) {
            Duration timeout = mesh.getProtocolDetectionTimeout();
            check.require(
                    timeout.getSeconds() >= 0 && timeout.getNanos() >= 0 && timeout.getNanos() % NANOS_OF_MILLI == 0,
                    CODE,
                    at.field("protocolDetectionTimeout"),
                    "must be in whole milliseconds, or 0s for none");
        }
        if (mesh.hasDnsRefreshRate()) {
            check.duration(mesh.getDnsRefreshRate(), at.field("dnsRefreshRate"));
        }
        if (mesh.hasHboneIdleTimeout()) {
            check.durationOrZero(mesh.getHboneIdleTimeout(), at.field("hboneIdleTimeout"));
        }
    }

    private void names(MeshConfig mesh, FieldPath at) {
        if (!mesh.getTrustDomain().isEmpty()) {
            addresses.trustDomain(mesh.getTrustDomain(), at.field("trustDomain"));
        }
        for (int i = 0; i < mesh.getTrustDomainAliasesCount(); i++) {
            addresses.trustDomain(
                    mesh.getTrustDomainAliases(i),
                    at.field("trustDomainAliases").item(i));
        }
        label(mesh.getRootNamespace(), at.field("rootNamespace"), "namespace");
        label(mesh.getIngressService(), at.field("ingressService"), "name of a Service");
        check.require(
                Names.isLabelValue(mesh.getIngressSelector()),
                CODE,
                at.field("ingressSelector"),
                "\"" + mesh.getIngressSelector() + "\" is no value of a label");
        String suffix = mesh.getDomainSuffix();
        check.require(
                suffix.isEmpty() || Names.isSubdomain(suffix),
                CODE,
                at.field("domainSuffix"),
                "\"" + suffix + "\" is no domain");
        check.exportTo(mesh.getDefaultServiceExportToList(), at.field("defaultServiceExportTo"));
        check.exportTo(mesh.getDefaultVirtualServiceExportToList(), at.field("defaultVirtualServiceExportTo"));
        check.exportTo(mesh.getDefaultDestinationRuleExportToList(), at.field("defaultDestinationRuleExportTo"));
        for (int i = 0; i < mesh.getServiceSettingsCount(); i++) {
            List<String> hosts = mesh.getServiceSettings(i).getHostsList();
            FieldPath place = at.field("serviceSettings").item(i).field("hosts");
            for (int j = 0; j < hosts.size(); j++) {
                check.wildcardHost(hosts.get(j), CODE, place.item(j));
            }
        }
        check.noneEmpty(
                mesh.getDefaultProviders().getTracingList(),
                CODE,
                at.field("defaultProviders").field("tracing"));
        check.noneEmpty(
                mesh.getDefaultProviders().getMetricsList(),
                CODE,
                at.field("defaultProviders").field("metrics"));
        check.noneEmpty(
                mesh.getDefaultProviders().getAccessLoggingList(),
                CODE,
                at.field("defaultProviders").field("accessLogging"));
    }

    private void label(String name, FieldPath at, String what) {
        check.require(name.isEmpty() || Names.isLabel(name), CODE, at, "\"" + name + "\" is no " + what);
    }

    private void traffic(MeshConfig mesh, FieldPath at) {
        TrafficPolicyRules policy = new TrafficPolicyRules(check);
        LoadBalancerRules balancing = new LoadBalancerRules(check);
        if (mesh.hasTcpKeepalive()) {
            policy.keepalive(mesh.getTcpKeepalive(), at.field("tcpKeepalive"));
        }
        if (mesh.hasLocalityLbSetting()) {
            balancing.locality(mesh.getLocalityLbSetting(), at.field("localityLbSetting"));
        }
        if (mesh.hasZoneAwareLbSetting()) {
            balancing.zones(mesh.getZoneAwareLbSetting(), at.field("zoneAwareLbSetting"));
        }
        if (mesh.getDefaultTrafficPolicy().hasConnectionPool()) {
            policy.pool(
                    mesh.getDefaultTrafficPolicy().getConnectionPool(),
                    at.field("defaultTrafficPolicy").field("connectionPool"));
        }
        if (mesh.getDefaultTrafficPolicy().hasOutlierDetection()) {
            policy.outliers(
                    mesh.getDefaultTrafficPolicy().getOutlierDetection(),
                    at.field("defaultTrafficPolicy").field("outlierDetection"));
        }
        if (mesh.hasDefaultHttpRetryPolicy()) {
            new HttpRouteRules(check, false)
                    .retries(mesh.getDefaultHttpRetryPolicy(), at.field("defaultHttpRetryPolicy"));
        }
        if (mesh.getOutboundTrafficPolicy().hasTls()) {
            if (mesh.getOutboundTrafficPolicy().getMode() != OutboundTrafficPolicy.Mode.ALLOW_ANY_DYNAMIC_DNS) {
                check.warning(
                        "FL0207",
                        at.field("outboundTrafficPolicy").field("tls"),
                        "is for mode ALLOW_ANY_DYNAMIC_DNS; otherwise connections go on as they came");
            }
            policy.tls(
                    mesh.getOutboundTrafficPolicy().getTls(),
                    at.field("outboundTrafficPolicy").field("tls"));
        }
    }

    private void sources(MeshConfig mesh, FieldPath at) {
        for (int i = 0; i < mesh.getConfigSourcesCount(); i++) {
            ConfigSource source = mesh.getConfigSources(i);
            FieldPath place = at.field("configSources").item(i);
            source(source.getAddress(), place.field("address"));
            if (source.hasTlsSettings()) {
                new TrafficPolicyRules(check).tls(source.getTlsSettings(), place.field("tlsSettings"));
            }
        }
        if (!mesh.getAccessLogService().isEmpty()) {
            addresses.hostAndPort(mesh.getAccessLogService(), CODE, at.field("accessLogService"));
        }
        if (mesh.hasCa()) {
            FieldPath ca = at.field("ca");
            addresses.hostAndPort(mesh.getCa().getAddress(), CODE, ca.field("address"));
            if (mesh.getCa().hasRequestTimeout()) {
                check.duration(mesh.getCa().getRequestTimeout(), ca.field("requestTimeout"));
            }
            if (mesh.getCa().hasTlsSettings()) {
                new TrafficPolicyRules(check).tls(mesh.getCa().getTlsSettings(), ca.field("tlsSettings"));
            }
        }
    }

    private void source(String address, FieldPath at) {
        var parts = SOURCE.matcher(address);
        String scheme = parts.matches() && parts.group(1) != null ? parts.group(1) : "";
        String rest = parts.matches() ? parts.group(2) : "";
        if (REMOTE_SOURCES.contains(scheme)) {
            addresses.hostAndPort(rest, CODE, at);
        } else {
            check.require(
                    LOCAL_SOURCES.contains(scheme),
                    CODE,
                    at,
                    "\"" + scheme + "\" is no kind of source; xds, mcp, fs and k8s are");
        }
    }

    private void certificates(MeshConfig mesh, FieldPath at) {
        for (int i = 0; i < mesh.getCaCertificatesCount(); i++) {
            MeshConfig.CertificateData given = mesh.getCaCertificates(i);
            FieldPath place = at.field("caCertificates").item(i);
            switch (given.getCertificateDataCase()) {
                case PEM ->
                    check.require(
                            given.getPem().contains("-----BEGIN CERTIFICATE-----"),
                            CODE,
                            place.field("pem"),
                            "has no certificate in PEM");
                case SPIFFE_BUNDLE_URL ->
                    check.require(
                            Urls.isWeb(given.getSpiffeBundleUrl()),
                            CODE,
                            place.field("spiffeBundleUrl"),
                            "\"" + given.getSpiffeBundleUrl() + "\" is no URL of the web");
                case CERTIFICATEDATA_NOT_SET -> check.error(CODE, place, "needs pem or spiffeBundleUrl");
            }
            for (int j = 0; j < given.getTrustDomainsCount(); j++) {
                addresses.trustDomain(
                        given.getTrustDomains(j), place.field("trustDomains").item(j));
            }
        }
    }
}
