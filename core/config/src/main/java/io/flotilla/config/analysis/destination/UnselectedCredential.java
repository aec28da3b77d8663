package io.flotilla.config.analysis.destination;

import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.L4MatchAttributes;
import io.flotilla.api.networking.v1alpha3.TCPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A Secret that a DestinationRule names and that no sidecar gets, since the rule says not which may ask for it. */
final class UnselectedCredential implements Check {
    private static final Entry UNSELECTED =
            Entry.warning("FA0313", "sidecars get no Secret by a DestinationRule that selects none", """
                    Only gateways, and sidecars that the rule selects, get the Secret of credentialName. With a rule for
                    everybody each proxy would have to wait for a Secret that most may not read, so the others connect
                    without it: they show no certificate, and nobody vouches for the server. Say whose sidecars start
                    this TLS in workloadSelector (in the namespace of the Secret), or send the requests through an
                    egress gateway, or use files: clientCertificate, privateKey and caCertificates.""");

    @Override
    public List<Entry> entries() {
        return List.of(UNSELECTED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        List<Config<DestinationRule>> unselected = mesh.destinationRules().stream()
                .filter(rule -> !rule.spec().hasWorkloadSelector() && named(rule.spec()))
                .toList();
        if (unselected.isEmpty()) {
            return;
        }
        Ways ways = Ways.of(mesh);
        for (Config<DestinationRule> rule : unselected) {
            if (!ways.byGatewaysAlone(mesh.hosts().full(rule.spec().getHost(), rule.namespace()))) {
                RuleTls.each(rule.spec(), (tls, at, ofPort) -> credential(rule, tls, at, findings));
            }
        }
    }

    private static boolean named(DestinationRule rule) {
        AtomicBoolean named = new AtomicBoolean();
        RuleTls.each(rule, (tls, at, ofPort) -> named.compareAndSet(false, asks(tls)));
        return named.get();
    }

    private static boolean asks(ClientTLSSettings tls) {
        boolean starts = switch (tls.getMode()) {
            case SIMPLE, MUTUAL -> true;
            case DISABLE, ISTIO_MUTUAL, UNRECOGNIZED -> false;
        };
        return starts && !tls.getCredentialName().isEmpty();
    }

    private static void credential(
            Config<DestinationRule> rule, ClientTLSSettings tls, FieldPath at, Findings findings) {
        if (asks(tls)) {
            findings.report(
                    UNSELECTED,
                    rule,
                    at.field("credentialName"),
                    "no sidecar gets the Secret \"" + tls.getCredentialName() + "\" for "
                            + rule.spec().getHost() + ", since the rule has no workloadSelector");
        }
    }

    /**
     * Full hosts by how requests come to them, in one look at all VirtualServices.
     *
     * @param direct    sidecars are sent to them
     * @param elsewhere a VirtualService about them tells sidecars where to go
     * @param through   somebody is sent to them
     */
    private record Ways(Set<String> direct, Set<String> elsewhere, Set<String> through) {
        static Ways of(Mesh mesh) {
            Ways all = new Ways(new HashSet<>(), new HashSet<>(), new HashSet<>());
            for (Config<VirtualService> service : mesh.virtualServices()) {
                UnaryOperator<String> full = name -> mesh.hosts().full(name, service.namespace());
                for (Way way : ways(service.spec())) {
                    boolean ofSidecars = way.to().contains(Routing.MESH);
                    for (String host : way.hosts()) {
                        all.through.add(full.apply(host));
                        if (ofSidecars) {
                            all.direct.add(full.apply(host));
                        }
                    }
                    if (ofSidecars) {
                        service.spec().getHostsList().forEach(host -> all.elsewhere.add(full.apply(host)));
                    }
                }
            }
            return all;
        }

        /** Sidecars are sent elsewhere by a VirtualService for the host, and one for gateways leads to it. */
        boolean byGatewaysAlone(String host) {
            return !direct.contains(host) && elsewhere.contains(host) && through.contains(host);
        }
    }

    /**
     * Where a rule leads.
     *
     * @param to gateways that it is for, "mesh" for sidecars
     */
    private record Way(Set<String> to, List<String> hosts) {}

    /** TLS that an application has started is no matter of a credential, so its routes are left out. */
    private static List<Way> ways(VirtualService service) {
        List<Way> ways = new ArrayList<>();
        for (HTTPRoute route : service.getHttpList()) {
            ways.add(new Way(
                    gateways(
                            service,
                            route.getMatchList().stream()
                                    .map(HTTPMatchRequest::getGatewaysList)
                                    .toList()),
                    route.getRouteList().stream()
                            .map(each -> each.getDestination().getHost())
                            .toList()));
        }
        for (TCPRoute route : service.getTcpList()) {
            ways.add(new Way(
                    gateways(
                            service,
                            route.getMatchList().stream()
                                    .map(L4MatchAttributes::getGatewaysList)
                                    .toList()),
                    route.getRouteList().stream()
                            .map(each -> each.getDestination().getHost())
                            .toList()));
        }
        return ways;
    }

    private static Set<String> gateways(VirtualService service, List<? extends List<String>> matches) {
        return matches.isEmpty() || matches.stream().anyMatch(List::isEmpty)
                ? Set.copyOf(Routing.gateways(service))
                : matches.stream().flatMap(List::stream).collect(Collectors.toSet());
    }
}
