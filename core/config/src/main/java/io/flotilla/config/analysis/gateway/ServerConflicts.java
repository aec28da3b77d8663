package io.flotilla.config.analysis.gateway;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.Server;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Servers of Gateways that want the same port of the same proxies. */
final class ServerConflicts implements Check {
    private static final Entry SAME = Entry.error(
                    "FA0402", "two Gateways serve the same host on the same port of the same proxies", """
                    Both Gateways select the same pods and have a server for the same port and host, for TLS that
                    ends there or for TCP, so only one of them counts (the older), and VirtualServices that are bound
                    to the other are not reached. Bind all VirtualServices to one Gateway and delete the other, or
                    separate their hosts.""")
            .istio("IST0145")
            .kiali("KIA0301");
    private static final Entry SHARED = Entry.warning(
                    "FA0410", "two Gateways share a host on one port, and their routes come together", """
                    Both Gateways select the same pods and have a server for the same port and host, for plaintext HTTP
                    or for TLS that passes, so callers of the host have the VirtualServices that are bound to either.
                    It works until two of them want the same requests: then those of the older Gateway come first.
                    Istio calls it a conflict. Bind all VirtualServices to one Gateway and delete the other, or separate
                    their hosts.""")
            .istio("IST0145")
            .kiali("KIA0301");
    private static final Entry PROTOCOL =
            Entry.error("FA0405", "servers want different protocols on one port of the same proxies", """
            A port of a proxy speaks either HTTP in the clear, or TLS (told apart by server name), or TCP. Two servers
            for the same pods disagree, so the one of the younger Gateway, or in one Gateway the later one, is left
            out. Give it another port, or the same protocol.""");
    private static final Entry TLS =
            Entry.error("FA0406", "servers want different TLS settings for one host on one port", """
            Two servers for the same pods, port and host ask for different TLS modes or certificates; a connection can
            only get one of them, that of the older Gateway. Use the same mode and credentialName, or separate the
            hosts.""");

    private static final Comparator<Config<?>> OLDEST = Comparator.comparing((Config<?> config) -> config.created())
            .thenComparing(Config::name)
            .thenComparing(Config::namespace);

    @Override
    public List<Entry> entries() {
        return List.of(SAME, PROTOCOL, TLS, SHARED);
    }

    private record Place(Config<Gateway> gateway, int index) {
        Server server() {
            return gateway.spec().getServers(index);
        }

        FieldPath at() {
            return Paths.item("servers", index);
        }
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Map<String, List<Place>> byPort = new TreeMap<>();
        for (Config<Gateway> gateway : mesh.gateways().stream().sorted(OLDEST).toList()) {
            for (int i = 0; i < gateway.spec().getServersCount(); i++) {
                Server server = gateway.spec().getServers(i);
                String key = Labels.text(gateway.spec().getSelectorMap()) + " "
                        + server.getPort().getNumber() + " " + server.getBind();
                byPort.computeIfAbsent(key, port -> new ArrayList<>()).add(new Place(gateway, i));
            }
        }
        byPort.values().forEach(places -> {
            protocols(places, findings);
            hosts(mesh, places, findings);
        });
    }

    private static void protocols(List<Place> places, Findings findings) {
        Place first = places.getFirst();
        for (Place place : places.subList(1, places.size())) {
            if (!sort(place.server()).equals(sort(first.server()))) {
                findings.report(
                        PROTOCOL,
                        place.gateway(),
                        place.at().field("port").field("protocol"),
                        place.server().getPort().getProtocol() + " on port "
                                + place.server().getPort().getNumber() + ", on which "
                                + first.gateway().key() + " " + first.at() + " speaks "
                                + first.server().getPort().getProtocol());
            }
        }
    }

    private static String sort(Server server) {
        return switch (server.getPort().getProtocol().toUpperCase(Locale.ROOT)) {
            case "HTTP", "HTTP2", "GRPC", "GRPC-WEB" -> "http";
            case "HTTPS", "TLS" -> "tls";
            default ->
                server.hasTls() && server.getTls().getMode() != ServerTLSSettings.TLSmode.PASSTHROUGH ? "tls" : "tcp";
        };
    }

    private static void hosts(Mesh mesh, List<Place> places, Findings findings) {
        Map<String, List<Place>> byHost = new TreeMap<>();
        for (Place place : places) {
            for (String host : new TreeSet<>(place.server().getHostsList())) {
                byHost.computeIfAbsent(
                                mesh.hosts()
                                        .full(
                                                Routing.serverHost(host),
                                                place.gateway().namespace()),
                                each -> new ArrayList<>(1))
                        .add(place);
            }
        }
        Set<String> reported = new HashSet<>();
        byHost.forEach((host, same) -> {
            for (Place place : same.size() > 1 ? same : List.<Place>of()) {
                Place other = same.stream()
                        .filter(each -> !each.equals(place))
                        .findFirst()
                        .orElse(place);
                if (reported.add(place.gateway().key() + place.at().toString())) {
                    report(host, place, other, findings);
                }
            }
        });
    }

    private static void report(String host, Place place, Place other, Findings findings) {
        int port = place.server().getPort().getNumber();
        String where = "host \"" + host + "\" on port " + port;
        boolean tls = sort(place.server()).equals("tls") && sort(other.server()).equals("tls");
        if (tls && !settings(place).equals(settings(other))) {
            findings.report(
                    TLS,
                    place.gateway(),
                    place.at().field("tls"),
                    where + " has " + settings(place) + " here and " + settings(other) + " in "
                            + other.gateway().key() + " " + other.at());
        } else if (!place.gateway().key().equals(other.gateway().key())) {
            boolean shared = passes(place.server()) && passes(other.server());
            findings.report(
                    shared ? SHARED : SAME,
                    place.gateway(),
                    place.at(),
                    where + " is also served by " + other.gateway().key() + " for the same pods; "
                            + (shared ? "the routes of both hold" : "keep one of them"));
        }
    }

    /** HTTP in the clear, or TLS that does not end at the gateway; without tls its mode reads as PASSTHROUGH. */
    private static boolean passes(Server server) {
        return !sort(server).equals("tcp")
                && (server.getTls().getMode() == ServerTLSSettings.TLSmode.PASSTHROUGH
                        || server.getTls().getMode() == ServerTLSSettings.TLSmode.AUTO_PASSTHROUGH);
    }

    private static String settings(Place place) {
        ServerTLSSettings tls = place.server().getTls();
        String credential = tls.getCredentialName().isEmpty() ? tls.getServerCertificate() : tls.getCredentialName();
        return "mode " + tls.getMode() + (credential.isEmpty() ? "" : " with " + credential);
    }
}
