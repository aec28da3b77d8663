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
import java.util.List;
import java.util.Set;
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
        for (Config<DestinationRule> rule : mesh.destinationRules()) {
            if (rule.spec().hasWorkloadSelector() || byGatewaysAlone(mesh, rule)) {
                continue;
            }
            RuleTls.each(rule.spec(), (tls, at, ofPort) -> credential(rule, tls, at, findings));
        }
    }

    private static void credential(
            Config<DestinationRule> rule, ClientTLSSettings tls, FieldPath at, Findings findings) {
        boolean starts = switch (tls.getMode()) {
            case SIMPLE, MUTUAL -> true;
            case DISABLE, ISTIO_MUTUAL, UNRECOGNIZED -> false;
        };
        if (starts && !tls.getCredentialName().isEmpty()) {
            findings.report(
                    UNSELECTED,
                    rule,
                    at.field("credentialName"),
                    "no sidecar gets the Secret \"" + tls.getCredentialName() + "\" for "
                            + rule.spec().getHost() + ", since the rule has no workloadSelector");
        }
    }

    /** Sidecars are sent elsewhere by a VirtualService for the host, and one for gateways leads to it. */
    private static boolean byGatewaysAlone(Mesh mesh, Config<DestinationRule> rule) {
        String host = mesh.hosts().full(rule.spec().getHost(), rule.namespace());
        boolean elsewhere = false;
        boolean through = false;
        for (Config<VirtualService> service : mesh.virtualServices()) {
            UnaryOperator<String> full = name -> mesh.hosts().full(name, service.namespace());
            boolean about = service.spec().getHostsList().stream().map(full).anyMatch(host::equals);
            for (Way way : ways(service.spec())) {
                boolean here = way.hosts().stream().map(full).anyMatch(host::equals);
                if (here && way.to().contains(Routing.MESH)) {
                    return false;
                }
                elsewhere |= about && way.to().contains(Routing.MESH);
                through |= here;
            }
        }
        return elsewhere && through;
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
