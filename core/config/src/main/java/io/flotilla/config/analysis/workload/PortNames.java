package io.flotilla.config.analysis.workload;

import com.google.protobuf.Struct;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.Protocols;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Ports of Services that do not say what is spoken on them. */
final class PortNames implements Check {
    private static final Set<String> PREFIXES =
            Set.of("http", "http2", "https", "grpc", "grpc-web", "tcp", "tls", "udp", "mongo", "mysql", "redis");

    private static final Entry UNNAMED = Entry.info("FA0601", "a Service's port does not say its protocol", """
                    Neither the port's name (PROTOCOL or PROTOCOL-SUFFIX) nor appProtocol says what is spoken, so the
                    proxy has to find out from the first bytes: that costs time where the server speaks first, and in
                    classic mode the port is TCP without any HTTP feature. Name the port http, http2, grpc, tcp, ...,
                    with a suffix after "-" if you like, or set appProtocol.""")
            .istio("IST0118")
            .kiali("KIA0601");
    private static final Entry APP_PROTOCOL = Entry.warning("FA0602", "appProtocol is not one that the mesh knows", """
                    The mesh does not know this value, so it is passed over and the port's name decides. Known are http,
                    http2, https, grpc, grpc-web, tcp, tls, mongo, mysql, redis, udp and kubernetes.io/h2c, /ws and
                    /wss. Correct the value.""")
            .kiali("KIA0602");
    private static final Entry EXTERNAL = Entry.warning(
                    "FA0608", "a port of an ExternalName Service is declared as TCP", """
                    Proxies route an ExternalName Service by the Host header or the server name. A port declared as TCP
                    (or not at all) has neither: the proxy then listens on the port for every address and takes calls
                    that were meant for others. Name the port by what is spoken, http, https or tls.""")
            .istio("IST0150");

    private static final Entry UDP = Entry.info("FA0616", "a UDP port is not part of the mesh", """
                    Proxies take TCP alone: datagrams to this port go past them, without mutual TLS, policies or
                    telemetry, and the port has no listener and no cluster. Nothing needs to be done where that is
                    meant, as for DNS; what must be protected has to be TCP, or be kept out by a NetworkPolicy.""");

    @Override
    public List<Entry> entries() {
        return List.of(UNNAMED, APP_PROTOCOL, EXTERNAL, UDP);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<Struct> service : mesh.manifests(Kind.SERVICE)) {
            if (service.namespace().startsWith("kube-")) {
                continue;
            }
            Manifest manifest = new Manifest(service.spec());
            boolean external = manifest.text("spec", "type").equals("ExternalName");
            List<Manifest> ports = manifest.list("spec", "ports");
            for (int i = 0; i < ports.size(); i++) {
                port(service, ports.get(i), Paths.item("ports", i), external, findings);
            }
        }
    }

    private static void port(Config<Struct> service, Manifest port, FieldPath at, boolean external, Findings findings) {
        String transport = port.text("protocol").toUpperCase(Locale.ROOT);
        if (transport.equals("UDP")) {
            findings.report(
                    UDP,
                    service,
                    at.field("protocol"),
                    "port " + port.text("port") + " is UDP, which proxies leave alone");
        }
        if (!transport.isEmpty() && !transport.equals("TCP")) {
            return;
        }
        String name = port.text("name");
        String said = port.text("appProtocol");
        boolean known = !said.isEmpty() && Protocols.parse(said).isPresent();
        if (!said.isEmpty() && !known) {
            findings.report(APP_PROTOCOL, service, at.field("appProtocol"), "\"" + said + "\" is not known");
        }
        if (external && !known && (!named(name) || prefix(name).equals("tcp"))) {
            findings.report(
                    EXTERNAL, service, at, "port \"" + name + "\" of an ExternalName Service needs http, https or tls");
        } else if (!known && !named(name)) {
            findings.report(
                    UNNAMED,
                    service,
                    name.isEmpty() ? at : at.field("name"),
                    name.isEmpty()
                            ? "port " + port.text("port") + " has no name that says its protocol"
                            : "\"" + name + "\" does not begin with a protocol; write for example \"http-" + name
                                    + "\"");
        }
    }

    private static boolean named(String name) {
        return PREFIXES.contains(name.toLowerCase(Locale.ROOT)) || PREFIXES.contains(prefix(name));
    }

    private static String prefix(String name) {
        int dash = name.indexOf('-');
        return (dash < 0 ? name : name.substring(0, dash)).toLowerCase(Locale.ROOT);
    }
}
