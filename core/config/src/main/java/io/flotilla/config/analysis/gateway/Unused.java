package io.flotilla.config.analysis.gateway;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.model.Config;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A Gateway that no VirtualService is bound to. */
final class Unused implements Check {
    private static final Entry UNUSED = Entry.info("FA0407", "no VirtualService is bound to a Gateway", """
            The Gateway opens ports, but no VirtualService says where requests for its hosts go, so all of them get
            404. Bind a VirtualService to it (gateways: [NAMESPACE/NAME]), or delete it.""");

    @Override
    public List<Entry> entries() {
        return List.of(UNUSED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Set<String> used = new HashSet<>();
        for (Config<VirtualService> service : mesh.virtualServices()) {
            Routing.gateways(service.spec()).forEach(each -> used.add(Routing.fullGateway(each, service.namespace())));
        }
        for (Config<Gateway> gateway : mesh.gateways()) {
            // AUTO_PASSTHROUGH forwards by server name alone.
            boolean alone = gateway.spec().getServersList().stream()
                    .anyMatch(server -> server.getTls().getMode() == ServerTLSSettings.TLSmode.AUTO_PASSTHROUGH);
            if (!alone && !used.contains(gateway.key().resourceName())) {
                findings.report(
                        UNUSED, gateway, Paths.SPEC, "no VirtualService is bound to it: every request gets 404");
            }
        }
    }
}
