package io.flotilla.config.analysis.gateway;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.Server;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Hostnames;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** httpsRedirect without anybody who speaks HTTPS. */
final class RedirectToNowhere implements Check {
    private static final Entry NOWHERE =
            Entry.warning("FA0408", "callers are redirected to HTTPS, which nobody serves for the host", """
            The server answers plain requests with a redirect to https for the same host, but no Gateway for the same
            pods has a server that speaks HTTPS for it, so callers end at a closed port or a wrong certificate. Add a
            server with protocol HTTPS for the host, or remove httpsRedirect.""");

    @Override
    public List<Entry> entries() {
        return List.of(NOWHERE);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Map<Map<String, String>, Set<String>> https = new HashMap<>();
        for (Config<Gateway> gateway : mesh.gateways()) {
            for (Server server : gateway.spec().getServersList()) {
                String protocol = server.getPort().getProtocol().toUpperCase(Locale.ROOT);
                if (protocol.equals("HTTPS") || protocol.equals("TLS")) {
                    server.getHostsList()
                            .forEach(host -> https.computeIfAbsent(
                                            gateway.spec().getSelectorMap(), selector -> new TreeSet<>())
                                    .add(Routing.serverHost(host)));
                }
            }
        }
        for (Config<Gateway> gateway : mesh.gateways()) {
            Set<String> served = https.getOrDefault(gateway.spec().getSelectorMap(), Set.of());
            for (int i = 0; i < gateway.spec().getServersCount(); i++) {
                Server server = gateway.spec().getServers(i);
                if (server.getTls().getHttpsRedirect()) {
                    check(gateway, server, i, served, findings);
                }
            }
        }
    }

    private static void check(
            Config<Gateway> gateway, Server server, int index, Set<String> served, Findings findings) {
        for (String each : server.getHostsList()) {
            String host = Routing.serverHost(each);
            if (served.stream().noneMatch(other -> Hostnames.matches(host, other))) {
                findings.report(
                        NOWHERE,
                        gateway,
                        Paths.item("servers", index).field("tls").field("httpsRedirect"),
                        "redirects \"" + host + "\" to https, which no server of the same pods speaks for it");
                return;
            }
        }
    }
}
