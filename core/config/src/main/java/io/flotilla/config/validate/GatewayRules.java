package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.Port;
import io.flotilla.api.networking.v1alpha3.Server;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.Protocols;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a Gateway must be. */
final class GatewayRules {
    private GatewayRules() {}

    static void check(Config<Gateway> config, Check check) {
        Gateway gateway = config.spec();
        FieldPath at = Check.spec();
        check.require(
                Names.isLabel(config.name()),
                "FL0301",
                FieldPath.ROOT.field("metadata").field("name"),
                "\"" + config.name() + "\" is no gateway name: lower case letters, digits and \"-\"");
        check.require(gateway.getServersCount() > 0, "FL0301", at.field("servers"), "is required");
        check.labels(gateway.getSelectorMap(), at.field("selector"));
        Set<String> portNames = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < gateway.getServersCount(); i++) {
            Server server = gateway.getServers(i);
            FieldPath place = at.field("servers").item(i);
            server(server, place, check);
            String port = server.getPort().getName();
            check.require(
                    port.isEmpty() || portNames.add(port),
                    "FL0303",
                    place.field("port").field("name"),
                    "\"" + port + "\" is given twice");
            check.require(
                    server.getName().isEmpty() || names.add(server.getName()),
                    "FL0301",
                    place.field("name"),
                    "\"" + server.getName() + "\" is given twice");
        }
    }

    private static void server(Server server, FieldPath at, Check check) {
        check.require(server.getHostsCount() > 0, "FL0302", at.field("hosts"), "is required");
        for (int i = 0; i < server.getHostsCount(); i++) {
            host(server.getHosts(i), at.field("hosts").item(i), check);
        }
        String bind = server.getBind();
        check.require(
                bind.isEmpty() || Addresses.isIp(bind) || bind.startsWith("unix://"),
                "FL0301",
                at.field("bind"),
                "\"" + bind + "\" is neither an IP address nor a UNIX socket");
        if (!server.hasPort()) {
            check.error("FL0303", at.field("port"), "is required");
            return;
        }
        Optional<Protocol> protocol = port(server.getPort(), at.field("port"), check);
        if (protocol.isPresent()) {
            tls(server, protocol.get(), at, check);
        }
    }

    private static Optional<Protocol> port(Port port, FieldPath at, Check check) {
        check.port(port.getNumber(), at.field("number"));
        check.require(!port.getName().isEmpty(), "FL0303", at.field("name"), "is required");
        Optional<Protocol> protocol = Protocols.parse(port.getProtocol());
        check.require(
                protocol.isPresent(),
                "FL0303",
                at.field("protocol"),
                port.getProtocol().isEmpty()
                        ? "is required"
                        : "\"" + port.getProtocol()
                                + "\" is no protocol: HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, TLS, TCP, MONGO, MYSQL or REDIS");
        return protocol;
    }

    private static void host(String host, FieldPath at, Check check) {
        int slash = host.indexOf('/');
        String namespace = slash < 0 ? "*" : host.substring(0, slash);
        String name = host.substring(slash + 1);
        boolean known = namespace.equals("*") || namespace.equals(".") || Names.isLabel(namespace);
        check.require(known, "FL0302", at, "\"" + namespace + "\" is no namespace, \".\" or \"*\"");
        if (!Names.isWildcardHost(name) && !Addresses.isIp(name)) {
            check.error("FL0302", at, "\"" + name + "\" is no host name, with or without wildcard");
        } else if (!name.equals("*") && !name.contains(".") && !name.contains(":")) {
            check.error("FL0302", at, "\"" + name + "\" is a short name; a gateway needs the full host name");
        }
    }

    private static void tls(Server server, Protocol protocol, FieldPath at, Check check) {
        FieldPath place = at.field("tls");
        boolean encrypted = protocol == Protocol.HTTPS || protocol == Protocol.TLS;
        if (encrypted && !server.hasTls()) {
            check.error(
                    "FL0304",
                    place,
                    "is required for protocol " + server.getPort().getProtocol());
        } else if (encrypted) {
            check.require(
                    !server.getTls().getHttpsRedirect(), "FL0304", place.field("httpsRedirect"), "is for HTTP servers");
            new GatewayTlsRules("FL0304", check).certificates(server.getTls(), place);
        } else if (server.hasTls()) {
            ServerTLSSettings redirectOnly = ServerTLSSettings.newBuilder()
                    .setHttpsRedirect(server.getTls().getHttpsRedirect())
                    .build();
            boolean allowed = protocol.isHttp() && server.getTls().equals(redirectOnly);
            check.require(
                    allowed,
                    "FL0304",
                    place,
                    "is not allowed for protocol " + server.getPort().getProtocol()
                            + (protocol.isHttp() ? ", but for httpsRedirect alone" : ""));
        }
    }
}
