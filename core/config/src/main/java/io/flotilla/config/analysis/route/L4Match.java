package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.L4MatchAttributes;
import io.flotilla.api.networking.v1alpha3.TLSMatchAttributes;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.Hostnames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One alternative of a rule for connections.
 *
 * @param list     "tls" or "tcp"
 * @param rule     index of the rule
 * @param match    its conditions; those of TCP have no server names
 * @param gateways where it applies
 */
record L4Match(String list, int rule, TLSMatchAttributes match, Set<String> gateways) {
    static List<L4Match> tls(VirtualService service) {
        List<L4Match> all = new ArrayList<>();
        for (int i = 0; i < service.getTlsCount(); i++) {
            for (TLSMatchAttributes match : service.getTls(i).getMatchList()) {
                all.add(of("tls", i, match, service));
            }
        }
        return all;
    }

    static List<L4Match> tcp(VirtualService service) {
        List<L4Match> all = new ArrayList<>();
        for (int i = 0; i < service.getTcpCount(); i++) {
            List<L4MatchAttributes> matches = service.getTcp(i).getMatchList();
            if (matches.isEmpty()) {
                all.add(of("tcp", i, TLSMatchAttributes.getDefaultInstance(), service));
            }
            for (L4MatchAttributes match : matches) {
                TLSMatchAttributes same = TLSMatchAttributes.newBuilder()
                        .addAllDestinationSubnets(match.getDestinationSubnetsList())
                        .setPort(match.getPort())
                        .setSourceSubnet(match.getSourceSubnet())
                        .putAllSourceLabels(match.getSourceLabelsMap())
                        .addAllGateways(match.getGatewaysList())
                        .setSourceNamespace(match.getSourceNamespace())
                        .build();
                all.add(of("tcp", i, same, service));
            }
        }
        return all;
    }

    private static L4Match of(String list, int rule, TLSMatchAttributes match, VirtualService service) {
        Collection<String> gateways =
                match.getGatewaysCount() == 0 ? Routing.gateways(service) : match.getGatewaysList();
        return new L4Match(list, rule, match, new TreeSet<>(gateways));
    }

    FieldPath rulePath() {
        return Paths.item(list, rule);
    }

    /** Every connection that {@code other} takes is taken by this one. */
    boolean covers(L4Match other) {
        TLSMatchAttributes theirs = other.match;
        return gateways.containsAll(other.gateways)
                && (match.getPort() == 0 || match.getPort() == theirs.getPort())
                && Labels.fit(match.getSourceLabelsMap(), theirs.getSourceLabelsMap())
                && (match.getSourceNamespace().isEmpty()
                        || match.getSourceNamespace().equals(theirs.getSourceNamespace()))
                && (match.getSourceSubnet().isEmpty() || match.getSourceSubnet().equals(theirs.getSourceSubnet()))
                && (match.getDestinationSubnetsCount() == 0
                        || (theirs.getDestinationSubnetsCount() > 0
                                && match.getDestinationSubnetsList().containsAll(theirs.getDestinationSubnetsList())))
                && (match.getSniHostsCount() == 0
                        || (theirs.getSniHostsCount() > 0
                                && theirs.getSniHostsList().stream()
                                        .allMatch(name -> match.getSniHostsList().stream()
                                                .anyMatch(outer -> Hostnames.subsetOf(name, outer)))));
    }
}
