package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Matches that no request can fulfil, whatever comes before them. */
final class ImpossibleMatch implements Check {
    private static final Entry GATEWAY =
            Entry.warning("FA0226", "a match names a gateway that the VirtualService is not bound to", """
            A match can only narrow the gateways of its VirtualService, not add to them: the rules reach a gateway
            (or, as "mesh", the sidecars) only if the VirtualService's own list names it. This match names one that is
            not in that list, so there it never applies. Add the gateway to the VirtualService's list, or take it out
            of the match.""");
    private static final Entry SOURCE = Entry.warning("FA0228", "a match asks for callers that do not exist", """
            The match narrows a rule to callers with certain labels or of a certain namespace, and no workload that
            is known fits, so the rule never applies. Correct the labels or the namespace; labels of Services do not
            count, only those of pods.""");
    private static final Entry CONTRADICTION = Entry.warning("FA0230", "a match contradicts itself", """
            The match asks for something that it excludes itself: a header both present and absent, or an authority
            that is none of the VirtualService's hosts. No request can fit. Remove one of the two conditions, or add
            the authority to the hosts.""");
    private static final Entry PORT = Entry.warning("FA0227", "a match asks for a port that nobody serves", """
            The match narrows a rule to one port, but no service with a host of this VirtualService has that port, and
            no server of its gateways listens on it. The rule never applies. Give the port of the service (not the
            container's) or of the Gateway's server.""");

    @Override
    public List<Entry> entries() {
        return List.of(GATEWAY, SOURCE, CONTRADICTION, PORT);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<VirtualService> service : mesh.virtualServices()) {
            Set<Integer> ports = ports(mesh, service);
            for (HttpMatch match : HttpMatch.of(service.spec())) {
                HTTPMatchRequest conditions = match.match();
                gateways(service, conditions.getGatewaysList(), match.at(), findings);
                source(
                        mesh,
                        service,
                        conditions.getSourceLabelsMap(),
                        conditions.getSourceNamespace(),
                        match.at(),
                        findings);
                headers(service, conditions, match.at(), findings);
                authority(mesh, service, conditions, match.at(), findings);
                port(service, conditions.getPort(), ports, match.at(), findings);
            }
            for (L4Match match : L4Match.tls(service.spec())) {
                gateways(service, match.match().getGatewaysList(), match.rulePath(), findings);
                port(service, match.match().getPort(), ports, match.rulePath(), findings);
            }
        }
    }

    private static void gateways(
            Config<VirtualService> service, List<String> gateways, FieldPath at, Findings findings) {
        List<String> bound = Routing.gateways(service.spec()).stream()
                .map(each -> Routing.fullGateway(each, service.namespace()))
                .toList();
        for (int i = 0; i < gateways.size(); i++) {
            if (service.spec().getHostsCount() > 0
                    && !bound.contains(Routing.fullGateway(gateways.get(i), service.namespace()))) {
                findings.report(
                        GATEWAY,
                        service,
                        at.field("gateways").item(i),
                        "\"" + gateways.get(i) + "\" is not among the gateways of this VirtualService; add it there");
            }
        }
    }

    private static void source(
            Mesh mesh,
            Config<VirtualService> service,
            Map<String, String> labels,
            String namespace,
            FieldPath at,
            Findings findings) {
        if (!namespace.isEmpty() && !mesh.namespaces().known(namespace)) {
            findings.report(
                    SOURCE, service, at.field("sourceNamespace"), "there is no namespace \"" + namespace + "\"");
        } else if (!labels.isEmpty() && !mesh.workloads().all().isEmpty()) {
            List<WorkloadFact> callers = namespace.isEmpty()
                    ? mesh.workloads().selectAnywhere(labels)
                    : mesh.workloads().select(namespace, labels);
            if (callers.isEmpty()) {
                findings.report(
                        SOURCE, service, at.field("sourceLabels"), "no workload has the labels " + Labels.text(labels));
            }
        }
    }

    private static void headers(
            Config<VirtualService> service, HTTPMatchRequest match, FieldPath at, Findings findings) {
        match.getHeadersMap().forEach((name, wanted) -> {
            StringMatch refused = HttpMatch.find(match.getWithoutHeadersMap(), name, true);
            if (refused != null && Strings.covers(refused, wanted)) {
                findings.report(
                        CONTRADICTION,
                        service,
                        at.field("withoutHeaders").field(name),
                        "excludes header \"" + name + "\", which the same match asks for");
            }
        });
    }

    private static void authority(
            Mesh mesh, Config<VirtualService> service, HTTPMatchRequest match, FieldPath at, Findings findings) {
        if (!match.getAuthority().hasExact() || service.spec().getHostsCount() == 0) {
            return;
        }
        String authority = match.getAuthority().getExact();
        int colon = authority.lastIndexOf(':');
        String host = colon < 0 ? authority : authority.substring(0, colon);
        boolean fits = service.spec().getHostsList().stream().anyMatch(each -> {
            String full = mesh.hosts().full(each, service.namespace());
            // Sidecars also take the short forms of a service's name.
            return Hostnames.subsetOf(host, each) || Hostnames.subsetOf(host, full) || full.startsWith(host + ".");
        });
        if (!fits) {
            findings.report(
                    CONTRADICTION,
                    service,
                    at.field("authority"),
                    "\"" + authority + "\" is none of the hosts of this VirtualService; add it there");
        }
    }

    /** Ports of its hosts and gateways; empty where some of them are not known. */
    private static Set<Integer> ports(Mesh mesh, Config<VirtualService> service) {
        Set<Integer> ports = new TreeSet<>();
        for (String gateway : Routing.gateways(service.spec())) {
            if (gateway.equals(Routing.MESH)) {
                for (String host : service.spec().getHostsList()) {
                    MeshService called =
                            mesh.hosts().find(host, service.namespace()).orElse(null);
                    if (called == null) {
                        return Set.of();
                    }
                    called.ports().forEach(port -> ports.add(port.number()));
                }
            } else {
                Gateway edge = Routing.gateway(mesh, gateway, service.namespace())
                        .map(Config::spec)
                        .orElse(null);
                if (edge == null) {
                    return Set.of();
                }
                edge.getServersList()
                        .forEach(server -> ports.add(server.getPort().getNumber()));
            }
        }
        return ports;
    }

    private static void port(
            Config<VirtualService> service, int port, Set<Integer> ports, FieldPath at, Findings findings) {
        if (port != 0 && !ports.isEmpty() && !ports.contains(port)) {
            findings.report(
                    PORT,
                    service,
                    at.field("port"),
                    "nobody serves port " + port + " here; there are "
                            + ports.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
    }
}
