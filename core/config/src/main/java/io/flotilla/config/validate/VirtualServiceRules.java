package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** What a VirtualService must be. */
final class VirtualServiceRules {
    private static final int MAX_HOSTS = 2048;

    private VirtualServiceRules() {}

    static void check(Config<VirtualService> config, Check check) {
        VirtualService service = config.spec();
        FieldPath at = Check.spec();
        boolean delegated = service.getHostsCount() == 0 && !check.classic();
        if (delegated) {
            delegated(service, at, check);
        } else {
            hosts(service, at, check);
        }
        check.gatewayNames(service.getGatewaysList(), at.field("gateways"));
        check.exportTo(service.getExportToList(), at.field("exportTo"));
        boolean routes = service.getHttpCount() + service.getTlsCount() + service.getTcpCount() > 0;
        check.require(routes, "FL0103", at, "needs http, tls or tcp routes");
        HttpRouteRules http = new HttpRouteRules(check, delegated);
        for (int i = 0; i < service.getHttpCount(); i++) {
            http.check(service.getHttp(i), at.field("http").item(i));
        }
        unreachable(service.getHttpList(), at.field("http"), check);
        L4RouteRules l4 = new L4RouteRules(check);
        for (int i = 0; i < service.getTlsCount(); i++) {
            l4.tls(service.getTls(i), service.getHostsList(), at.field("tls").item(i));
        }
        for (int i = 0; i < service.getTcpCount(); i++) {
            l4.tcp(service.getTcp(i), at.field("tcp").item(i));
        }
    }

    /** Without hosts it can only be what another one delegates to. */
    private static void delegated(VirtualService service, FieldPath at, Check check) {
        check.require(
                service.getGatewaysCount() == 0,
                "FL0116",
                at.field("gateways"),
                "without hosts this is a delegate, which has the gateways of the one that delegates to it");
        check.require(
                service.getTlsCount() + service.getTcpCount() == 0,
                "FL0101",
                at.field("hosts"),
                "is required (only http routes can be delegated to)");
    }

    private static void hosts(VirtualService service, FieldPath at, Check check) {
        List<String> hosts = service.getHostsList();
        check.require(!hosts.isEmpty(), "FL0101", at.field("hosts"), "is required");
        if (hosts.size() > MAX_HOSTS) {
            check.error("FL0101", at.field("hosts"), "has " + hosts.size() + " hosts; at most " + MAX_HOSTS);
            return;
        }
        boolean mesh =
                service.getGatewaysCount() == 0 || service.getGatewaysList().contains("mesh");
        HostOverlaps overlaps = new HostOverlaps();
        for (int i = 0; i < hosts.size(); i++) {
            String host = hosts.get(i);
            FieldPath place = at.field("hosts").item(i);
            if (host.equals("*") && mesh) {
                check.error("FL0101", place, "\"*\" is not allowed for sidecars (gateway mesh)");
            } else {
                check.require(
                        Names.isWildcardHost(host) || Addresses.isIp(host),
                        "FL0101",
                        place,
                        "\"" + host + "\" is neither a host name, with or without wildcard, nor an IP address");
            }
            overlaps.add(host)
                    .ifPresent(other -> check.error(
                            "FL0101",
                            place,
                            "\"" + host + "\" "
                                    + (other.equals(host) ? "is given twice" : "overlaps with \"" + other + "\"")));
        }
    }

    private static void unreachable(List<HTTPRoute> routes, FieldPath at, Check check) {
        for (int i = 0; i + 1 < routes.size(); i++) {
            if (routes.get(i).getMatchCount() == 0 && !routes.get(i).hasDelegate()) {
                check.warning(
                        "FL0115",
                        at.item(i + 1),
                        "is never reached: the route before it has no match and takes everything");
                return;
            }
        }
    }
}
