package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.L4MatchAttributes;
import io.flotilla.api.networking.v1alpha3.TCPRoute;
import io.flotilla.api.networking.v1alpha3.TLSMatchAttributes;
import io.flotilla.api.networking.v1alpha3.TLSRoute;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.Hostnames;
import java.util.List;

/** Routes of TLS by its server name, and of TCP. */
final class L4RouteRules {
    private static final String CODE = "FL0114";

    private final Check check;

    L4RouteRules(Check check) {
        this.check = check;
    }

    void tls(TLSRoute route, List<String> hosts, FieldPath at) {
        check.require(route.getMatchCount() > 0, CODE, at.field("match"), "is required");
        for (int i = 0; i < route.getMatchCount(); i++) {
            TLSMatchAttributes match = route.getMatch(i);
            FieldPath place = at.field("match").item(i);
            check.require(match.getSniHostsCount() > 0, CODE, place.field("sniHosts"), "is required");
            for (int j = 0; j < match.getSniHostsCount(); j++) {
                sni(match.getSniHosts(j), hosts, place.field("sniHosts").item(j));
            }
            check.cidrs(match.getDestinationSubnetsList(), CODE, place.field("destinationSubnets"));
            if (match.getPort() != 0) {
                check.port(match.getPort(), place.field("port"));
            }
            check.labels(match.getSourceLabelsMap(), place.field("sourceLabels"));
            check.gatewayNames(match.getGatewaysList(), place.field("gateways"));
        }
        new DestinationRules(check).l4(route.getRouteList(), at.field("route"));
    }

    private void sni(String name, List<String> hosts, FieldPath at) {
        check.wildcardHost(name, CODE, at);
        check.require(
                hosts.stream().anyMatch(host -> Hostnames.subsetOf(name, host)),
                CODE,
                at,
                "\"" + name + "\" is none of the hosts of this VirtualService");
    }

    void tcp(TCPRoute route, FieldPath at) {
        for (int i = 0; i < route.getMatchCount(); i++) {
            L4MatchAttributes match = route.getMatch(i);
            FieldPath place = at.field("match").item(i);
            check.cidrs(match.getDestinationSubnetsList(), CODE, place.field("destinationSubnets"));
            String source = match.getSourceSubnet();
            check.require(
                    source.isEmpty() || Addresses.isIp(source) || Addresses.isCidr(source),
                    CODE,
                    place.field("sourceSubnet"),
                    "\"" + source + "\" is no IP range");
            if (match.getPort() != 0) {
                check.port(match.getPort(), place.field("port"));
            }
            check.labels(match.getSourceLabelsMap(), place.field("sourceLabels"));
            check.gatewayNames(match.getGatewaysList(), place.field("gateways"));
        }
        new DestinationRules(check).l4(route.getRouteList(), at.field("route"));
    }
}
