package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings;
import io.flotilla.api.networking.v1alpha3.OutlierDetection;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy.PortTrafficPolicy;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.Set;

/** How connections to a host are made and kept. */
final class TrafficPolicyRules {
    private final Check check;
    private final LoadBalancerRules balancing;

    TrafficPolicyRules(Check check) {
        this.check = check;
        this.balancing = new LoadBalancerRules(check);
    }

    void check(TrafficPolicy policy, FieldPath at) {
        boolean any = policy.hasLoadBalancer()
                || policy.hasConnectionPool()
                || policy.hasOutlierDetection()
                || policy.hasTls()
                || policy.getPortLevelSettingsCount() > 0
                || policy.hasTunnel()
                || policy.hasProxyProtocol()
                || policy.hasRetryBudget();
        check.require(any, "FL0202", at, "says nothing; leave it out or give one of its settings");
        if (policy.hasLoadBalancer()) {
            balancing.check(policy.getLoadBalancer(), at.field("loadBalancer"));
        }
        if (policy.hasConnectionPool()) {
            pool(policy.getConnectionPool(), at.field("connectionPool"));
        }
        if (policy.hasOutlierDetection()) {
            outliers(policy.getOutlierDetection(), at.field("outlierDetection"));
        }
        if (policy.hasTls()) {
            tls(policy.getTls(), at.field("tls"));
        }
        if (policy.hasTunnel()) {
            tunnel(policy.getTunnel(), at.field("tunnel"));
        }
        if (policy.hasRetryBudget()) {
            FieldPath budget = at.field("retryBudget");
            check.percent(policy.getRetryBudget().getPercent().getValue(), budget.field("percent"));
            if (policy.getRetryBudget().hasBudgetInterval()) {
                check.durationOrZero(policy.getRetryBudget().getBudgetInterval(), budget.field("budgetInterval"));
            }
        }
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < policy.getPortLevelSettingsCount(); i++) {
            FieldPath place = at.field("portLevelSettings").item(i);
            PortTrafficPolicy port = policy.getPortLevelSettings(i);
            port(port, place);
            check.require(
                    !port.hasPort() || ports.add(port.getPort().getNumber()),
                    "FL0208",
                    place.field("port"),
                    "port " + port.getPort().getNumber() + " is given twice");
        }
    }

    private void tunnel(TrafficPolicy.TunnelSettings tunnel, FieldPath at) {
        String protocol = tunnel.getProtocol();
        check.require(
                protocol.isEmpty() || protocol.equals("CONNECT") || protocol.equals("POST"),
                "FL0210",
                at.field("protocol"),
                "must be CONNECT or POST, not \"" + protocol + "\"");
        String host = tunnel.getTargetHost();
        check.require(
                Names.isHost(host) || Addresses.isIp(host),
                "FL0210",
                at.field("targetHost"),
                host.isEmpty() ? "is required" : "\"" + host + "\" is neither a host name nor an IP address");
        check.port(tunnel.getTargetPort(), at.field("targetPort"));
    }

    private void port(PortTrafficPolicy policy, FieldPath at) {
        if (policy.hasPort()) {
            check.port(policy.getPort().getNumber(), at.field("port").field("number"));
        } else {
            check.error("FL0208", at.field("port"), "is required");
        }
        boolean any = policy.hasLoadBalancer()
                || policy.hasConnectionPool()
                || policy.hasOutlierDetection()
                || policy.hasTls();
        check.require(any, "FL0208", at, "says nothing; leave it out or give one of its settings");
        if (policy.hasLoadBalancer()) {
            balancing.check(policy.getLoadBalancer(), at.field("loadBalancer"));
        }
        if (policy.hasConnectionPool()) {
            pool(policy.getConnectionPool(), at.field("connectionPool"));
        }
        if (policy.hasOutlierDetection()) {
            outliers(policy.getOutlierDetection(), at.field("outlierDetection"));
        }
        if (policy.hasTls()) {
            tls(policy.getTls(), at.field("tls"));
        }
    }

    void pool(ConnectionPoolSettings pool, FieldPath at) {
        check.require(pool.hasTcp() || pool.hasHttp(), "FL0205", at, "needs tcp or http");
        ConnectionPoolSettings.HTTPSettings http = pool.getHttp();
        FieldPath ofHttp = at.field("http");
        check.notNegative(http.getHttp1MaxPendingRequests(), "FL0205", ofHttp.field("http1MaxPendingRequests"));
        check.notNegative(http.getHttp2MaxRequests(), "FL0205", ofHttp.field("http2MaxRequests"));
        check.notNegative(http.getMaxRequestsPerConnection(), "FL0205", ofHttp.field("maxRequestsPerConnection"));
        check.notNegative(http.getMaxRetries(), "FL0205", ofHttp.field("maxRetries"));
        check.notNegative(http.getMaxConcurrentStreams(), "FL0205", ofHttp.field("maxConcurrentStreams"));
        if (http.hasIdleTimeout()) {
            check.durationOrZero(http.getIdleTimeout(), ofHttp.field("idleTimeout"));
        }
        if (http.hasHttp2KeepAlive()) {
            FieldPath alive = ofHttp.field("http2KeepAlive");
            check.duration(http.getHttp2KeepAlive().getInterval(), alive.field("interval"));
            check.duration(http.getHttp2KeepAlive().getTimeout(), alive.field("timeout"));
        }
        tcp(pool.getTcp(), at.field("tcp"));
    }

    private void tcp(ConnectionPoolSettings.TCPSettings tcp, FieldPath ofTcp) {
        check.notNegative(tcp.getMaxConnections(), "FL0205", ofTcp.field("maxConnections"));
        if (tcp.hasConnectTimeout()) {
            check.duration(tcp.getConnectTimeout(), ofTcp.field("connectTimeout"));
        }
        if (tcp.hasMaxConnectionDuration()) {
            check.duration(tcp.getMaxConnectionDuration(), ofTcp.field("maxConnectionDuration"));
        }
        if (tcp.hasTcpKeepalive()) {
            keepalive(tcp.getTcpKeepalive(), ofTcp.field("tcpKeepalive"));
        }
        if (tcp.hasIdleTimeout()) {
            check.durationOrZero(tcp.getIdleTimeout(), ofTcp.field("idleTimeout"));
        }
    }

    void keepalive(ConnectionPoolSettings.TCPSettings.TcpKeepalive alive, FieldPath at) {
        seconds(alive.getTime(), at.field("time"));
        seconds(alive.getInterval(), at.field("interval"));
    }

    /** The kernel counts these in seconds. */
    private void seconds(com.google.protobuf.Duration duration, FieldPath at) {
        check.require(duration.getSeconds() >= 0 && duration.getNanos() == 0, "FL0205", at, "must be in whole seconds");
    }

    @SuppressWarnings("deprecation") // old objects have "consecutiveErrors"
    void outliers(OutlierDetection outliers, FieldPath at) {
        check.notNegative(outliers.getConsecutiveErrors(), "FL0206", at.field("consecutiveErrors"));
        if (outliers.hasInterval()) {
            check.duration(outliers.getInterval(), at.field("interval"));
        }
        if (outliers.hasBaseEjectionTime()) {
            check.duration(outliers.getBaseEjectionTime(), at.field("baseEjectionTime"));
        }
        for (int i = 0; i < outliers.getOutlierDetectionHttpErrorCodesCount(); i++) {
            int status = outliers.getOutlierDetectionHttpErrorCodes(i);
            check.require(
                    status >= 100 && status <= 599,
                    "FL0206",
                    at.field("outlierDetectionHttpErrorCodes").item(i),
                    "must be between 100 and 599, not " + Integer.toUnsignedString(status));
        }
        check.percent(outliers.getMaxEjectionPercent(), at.field("maxEjectionPercent"));
        check.percent(outliers.getMinHealthPercent(), at.field("minHealthPercent"));
        check.require(
                !outliers.hasConsecutiveLocalOriginFailures() || outliers.getSplitExternalLocalOriginErrors(),
                "FL0206",
                at.field("consecutiveLocalOriginFailures"),
                "needs splitExternalLocalOriginErrors");
    }

    void tls(ClientTLSSettings tls, FieldPath at) {
        boolean files =
                !tls.getClientCertificate().isEmpty() || !tls.getPrivateKey().isEmpty();
        boolean secret = !tls.getCredentialName().isEmpty();
        switch (tls.getMode()) {
            case MUTUAL -> {
                if (secret) {
                    check.require(!files, "FL0207", at, "takes credentialName or files, not both");
                } else {
                    check.require(
                            !tls.getClientCertificate().isEmpty(),
                            "FL0207",
                            at.field("clientCertificate"),
                            "is required");
                    check.require(!tls.getPrivateKey().isEmpty(), "FL0207", at.field("privateKey"), "is required");
                }
            }
            case ISTIO_MUTUAL -> {
                boolean own = files || secret || !tls.getCaCertificates().isEmpty();
                check.require(!own, "FL0207", at, "ISTIO_MUTUAL uses the mesh's certificates and takes no others");
            }
            case SIMPLE, DISABLE, UNRECOGNIZED -> {
                boolean both = secret && !tls.getCaCertificates().isEmpty();
                check.require(!both, "FL0207", at, "takes credentialName or caCertificates, not both");
            }
        }
        check.noneEmpty(tls.getSubjectAltNamesList(), "FL0207", at.field("subjectAltNames"));
        check.require(
                tls.getSni().isEmpty() || Names.isHost(tls.getSni()),
                "FL0207",
                at.field("sni"),
                "\"" + tls.getSni() + "\" is no host name");
    }
}
