package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.CaptureMode;
import io.flotilla.api.networking.v1alpha3.IstioEgressListener;
import io.flotilla.api.networking.v1alpha3.IstioIngressListener;
import io.flotilla.api.networking.v1alpha3.OutboundTrafficPolicy;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.SidecarPort;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.Protocols;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a Sidecar must be. */
final class SidecarRules {
    private static final String OBJECT = "FL0310";
    private static final String INGRESS = "FL0311";
    private static final String EGRESS = "FL0312";

    private final Check check;

    private SidecarRules(Check check) {
        this.check = check;
    }

    static void check(Config<Sidecar> config, Check check) {
        new SidecarRules(check).sidecar(config.spec(), Check.spec());
    }

    private void sidecar(Sidecar sidecar, FieldPath at) {
        if (sidecar.hasWorkloadSelector()) {
            FieldPath labels = at.field("workloadSelector").field("labels");
            new TargetRules(OBJECT, check)
                    .selector(sidecar.getWorkloadSelector().getLabelsMap(), labels);
            check.require(
                    !check.classic() || sidecar.getWorkloadSelector().getLabelsCount() > 0,
                    OBJECT,
                    labels,
                    "is required; without workloadSelector the whole namespace is meant");
        }
        boolean says = sidecar.getIngressCount() + sidecar.getEgressCount() > 0
                || sidecar.hasOutboundTrafficPolicy()
                || sidecar.hasInboundConnectionPool();
        check.require(
                check.classic() ? sidecar.getEgressCount() > 0 : says,
                OBJECT,
                check.classic() ? at.field("egress") : at,
                check.classic() ? "is required" : "says nothing; give egress, ingress or outboundTrafficPolicy");
        Set<String> binds = new HashSet<>();
        for (int i = 0; i < sidecar.getIngressCount(); i++) {
            ingress(sidecar.getIngress(i), binds, at.field("ingress").item(i));
        }
        Set<String> ports = new HashSet<>();
        for (int i = 0; i < sidecar.getEgressCount(); i++) {
            boolean last = i + 1 == sidecar.getEgressCount();
            egress(sidecar.getEgress(i), last, ports, at.field("egress").item(i));
        }
        if (sidecar.hasInboundConnectionPool()) {
            new TrafficPolicyRules(check).pool(sidecar.getInboundConnectionPool(), at.field("inboundConnectionPool"));
        }
        if (sidecar.hasOutboundTrafficPolicy()) {
            outbound(sidecar.getOutboundTrafficPolicy(), at.field("outboundTrafficPolicy"));
        }
    }

    private void ingress(IstioIngressListener listener, Set<String> binds, FieldPath at) {
        if (!listener.hasPort()) {
            check.error(INGRESS, at.field("port"), "is required");
        }
        SidecarPort port = listener.getPort();
        Optional<Protocol> protocol = port(listener.hasPort(), port, false, INGRESS, at.field("port"));
        String bind = listener.getBind();
        check.require(
                bind.isEmpty() || Addresses.isIp(bind),
                INGRESS,
                at.field("bind"),
                "\"" + bind + "\" is no IP address, the only thing that an ingress listener is bound to");
        check.require(
                !listener.hasPort() || binds.add(bind + ":" + port.getNumber()),
                INGRESS,
                at.field("port").field("number"),
                "port " + port.getNumber() + " is given twice");
        String endpoint = listener.getDefaultEndpoint();
        check.require(
                (endpoint.isEmpty() && !check.classic()) || isLocal(endpoint),
                INGRESS,
                at.field("defaultEndpoint"),
                endpoint.isEmpty()
                        ? "is required"
                        : "\"" + endpoint + "\" is neither 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT nor unix:///PATH");
        if (listener.hasTls()) {
            tls(listener.getTls(), protocol, at.field("tls"));
        }
        if (listener.hasConnectionPool()) {
            new TrafficPolicyRules(check).pool(listener.getConnectionPool(), at.field("connectionPool"));
        }
    }

    private void tls(ServerTLSSettings tls, Optional<Protocol> protocol, FieldPath at) {
        boolean encrypted = protocol.isEmpty()
                || protocol.get() == Protocol.HTTPS
                || protocol.get() == Protocol.TLS
                || protocol.get() == Protocol.TCP;
        check.require(encrypted, INGRESS, at, "needs a port of protocol HTTPS or TLS");
        boolean own = tls.getMode() == ServerTLSSettings.TLSmode.SIMPLE
                || tls.getMode() == ServerTLSSettings.TLSmode.MUTUAL
                || tls.getMode() == ServerTLSSettings.TLSmode.OPTIONAL_MUTUAL;
        check.require(
                own, INGRESS, at.field("mode"), "must be SIMPLE, MUTUAL or OPTIONAL_MUTUAL, not " + tls.getMode());
        check.require(!tls.getHttpsRedirect(), INGRESS, at.field("httpsRedirect"), "is for gateways");
        String files = "is for gateways, as in Istio; a sidecar reads files";
        check.require(tls.getCredentialName().isEmpty(), INGRESS, at.field("credentialName"), files);
        check.require(tls.getCredentialNamesCount() == 0, INGRESS, at.field("credentialNames"), files);
        check.require(tls.getCaCertCredentialName().isEmpty(), INGRESS, at.field("caCertCredentialName"), files);
        if (own) {
            new GatewayTlsRules(INGRESS, check).certificates(tls, at);
        }
    }

    private void egress(IstioEgressListener listener, boolean last, Set<String> ports, FieldPath at) {
        String bind = listener.getBind();
        boolean socket = bind.startsWith("unix://");
        if (listener.hasPort()) {
            port(true, listener.getPort(), socket, EGRESS, at.field("port"));
            check.require(
                    ports.add(bind + ":" + listener.getPort().getNumber()),
                    EGRESS,
                    at.field("port"),
                    "this port and bind are given twice");
        } else {
            check.require(last, EGRESS, at.field("port"), "is required, but for the last listener");
        }
        check.require(
                bind.isEmpty() || Addresses.isIp(bind) || socket,
                EGRESS,
                at.field("bind"),
                "\"" + bind + "\" is neither an IP address nor a UNIX socket");
        check.require(bind.isEmpty() || listener.hasPort(), EGRESS, at.field("bind"), "needs a port to go with it");
        check.require(
                !socket || listener.getCaptureMode() != CaptureMode.IPTABLES,
                EGRESS,
                at.field("captureMode"),
                "a UNIX socket cannot be captured: DEFAULT or NONE");
        check.require(listener.getHostsCount() > 0, EGRESS, at.field("hosts"), "is required");
        Set<String> hosts = new HashSet<>();
        for (int i = 0; i < listener.getHostsCount(); i++) {
            String host = listener.getHosts(i);
            host(host, at.field("hosts").item(i));
            if (!hosts.add(host)) {
                check.warning(EGRESS, at.field("hosts").item(i), "\"" + host + "\" is given twice");
            }
        }
    }

    private void host(String host, FieldPath at) {
        int slash = host.indexOf('/');
        if (slash < 0) {
            check.error(EGRESS, at, "\"" + host + "\" needs a namespace: NAMESPACE/HOST, ./HOST or */HOST");
            return;
        }
        String namespace = host.substring(0, slash);
        String name = host.substring(slash + 1);
        boolean known =
                namespace.equals("*") || namespace.equals(".") || namespace.equals("~") || Names.isLabel(namespace);
        check.require(known, EGRESS, at, "\"" + namespace + "\" is no namespace, \".\", \"*\" or \"~\"");
        check.require(
                !namespace.equals("~") || name.equals("*"), EGRESS, at, "\"~\" is no namespace at all: write \"~/*\"");
        check.wildcardHost(name, EGRESS, at);
    }

    private Optional<Protocol> port(boolean given, SidecarPort port, boolean socket, String code, FieldPath at) {
        if (!given) {
            return Optional.empty();
        }
        if (port.getNumber() != 0 || !socket) {
            check.port(port.getNumber(), at.field("number"));
        }
        check.require(!check.classic() || !port.getName().isEmpty(), code, at.field("name"), "is required");
        Optional<Protocol> protocol = Protocols.parse(port.getProtocol());
        check.require(
                protocol.isPresent()
                        || (port.getProtocol().isEmpty() && !check.classic())
                        || (code.equals(EGRESS) && port.getProtocol().equalsIgnoreCase("HTTP_PROXY")),
                code,
                at.field("protocol"),
                port.getProtocol().isEmpty() ? "is required" : "\"" + port.getProtocol() + "\" is no protocol");
        return protocol;
    }

    private void outbound(OutboundTrafficPolicy policy, FieldPath at) {
        if (!policy.hasEgressProxy()) {
            return;
        }
        FieldPath proxy = at.field("egressProxy");
        check.require(
                policy.getMode() == OutboundTrafficPolicy.Mode.ALLOW_ANY,
                OBJECT,
                proxy,
                "needs mode ALLOW_ANY: otherwise nothing unknown leaves");
        new DestinationRules(check).destination(policy.getEgressProxy(), proxy);
        check.require(policy.getEgressProxy().hasPort(), OBJECT, proxy.field("port"), "is required");
    }

    private static boolean isLocal(String endpoint) {
        if (endpoint.startsWith("unix://")) {
            String path = endpoint.substring("unix://".length());
            return path.startsWith("/") || path.startsWith("@");
        }
        int colon = endpoint.lastIndexOf(':');
        if (colon < 0 || !isPort(endpoint.substring(colon + 1))) {
            return false;
        }
        String host = endpoint.substring(0, colon);
        return host.isEmpty()
                || host.equals("127.0.0.1")
                || host.equals("0.0.0.0")
                || host.equals("[::1]")
                || host.equals("[::]");
    }

    private static boolean isPort(String text) {
        return !text.isEmpty()
                && text.length() <= 5
                && text.chars().allMatch(Character::isDigit)
                && Integer.parseInt(text) >= 1
                && Integer.parseInt(text) <= 65_535;
    }
}
