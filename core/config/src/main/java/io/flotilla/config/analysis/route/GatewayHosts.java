package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Hostnames;
import java.util.List;

/** Hosts of a VirtualService that its Gateway does not serve. */
final class GatewayHosts implements Check {
    private static final Entry NOT_SERVED = Entry.warning(
                    "FA0212", "a Gateway does not serve the host of a VirtualService that is bound to it", """
                    A Gateway serves a host only if one of its servers lists it, and only for VirtualServices of the
                    namespace that the list names before the slash. None does for this host, so requests for it get
                    404. Add the host to a server of the Gateway, allow the namespace there, or correct the host.""")
            .istio("IST0132");

    @Override
    public List<Entry> entries() {
        return List.of(NOT_SERVED);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<VirtualService> service : mesh.virtualServices()) {
            for (String name : service.spec().getGatewaysList()) {
                Routing.gateway(mesh, name, service.namespace())
                        .ifPresent(gateway -> check(mesh, service, gateway, findings));
            }
        }
    }

    private static void check(Mesh mesh, Config<VirtualService> service, Config<Gateway> gateway, Findings findings) {
        boolean sidecars = Routing.forSidecars(service.spec());
        for (int i = 0; i < service.spec().getHostsCount(); i++) {
            String host = service.spec().getHosts(i);
            // Bound to sidecars too, a service's name is meant for them.
            boolean meant =
                    !sidecars || mesh.hosts().find(host, service.namespace()).isEmpty();
            if (meant && !serves(mesh, gateway, service, host)) {
                findings.report(
                        NOT_SERVED,
                        service,
                        Paths.item("hosts", i),
                        "Gateway " + gateway.key().resourceName() + " does not serve \"" + host + "\" for namespace "
                                + service.namespace() + "; add it to one of its servers");
            }
        }
    }

    private static boolean serves(Mesh mesh, Config<Gateway> gateway, Config<VirtualService> service, String host) {
        String full = mesh.hosts().full(host, service.namespace());
        return gateway.spec().getServersList().stream()
                .flatMap(server -> server.getHostsList().stream())
                .anyMatch(each -> {
                    String namespace = Routing.serverNamespace(each, gateway.namespace());
                    String served = mesh.hosts().full(Routing.serverHost(each), gateway.namespace());
                    return (namespace.equals("*") || namespace.equals(service.namespace()))
                            && (Hostnames.matches(served, host) || Hostnames.matches(served, full));
                });
    }
}
