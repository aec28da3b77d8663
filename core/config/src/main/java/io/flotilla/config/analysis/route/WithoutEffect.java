package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import java.util.List;

/** VirtualServices that no proxy ever acts on. */
final class WithoutEffect implements Check {
    private static final Entry NO_SERVICE =
            Entry.warning("FA0210", "no service has the host of a VirtualService for sidecars", """
            Sidecars only route hosts that the mesh knows. No service and no ServiceEntry that the VirtualService's
            namespace sees has this host, so the rules never apply to calls of it. Correct the host, declare it with a
            ServiceEntry, or bind the VirtualService to the Gateway that it is meant for.""");
    private static final Entry PROTOCOL =
            Entry.warning("FA0225", "the rules of a VirtualService do not fit the protocols of its service", """
            Rules under "http" apply to ports whose protocol is HTTP (or unknown, and detected), rules under "tls" and
            "tcp" to the others. This VirtualService has only rules of one sort, and its service has only ports of the
            other, so nothing applies. Name the protocol of the Service's port (http, http2, grpc, tcp, tls: as
            prefix of its name, or as appProtocol), or write rules of the other sort.""");

    @Override
    public List<Entry> entries() {
        return List.of(NO_SERVICE, PROTOCOL);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<VirtualService> service : mesh.virtualServices()) {
            if (!Routing.forSidecars(service.spec())) {
                continue;
            }
            for (int i = 0; i < service.spec().getHostsCount(); i++) {
                host(mesh, service, i, findings);
            }
        }
    }

    private static void host(Mesh mesh, Config<VirtualService> service, int index, Findings findings) {
        String host = service.spec().getHosts(index);
        FieldPath at = Paths.item("hosts", index);
        if (!mesh.hosts().known(host, service.namespace())) {
            findings.report(
                    NO_SERVICE,
                    service,
                    at,
                    "no service that " + service.namespace() + " sees has the host \""
                            + mesh.hosts().full(host, service.namespace()) + "\"");
            return;
        }
        MeshService called = mesh.hosts().find(host, service.namespace()).orElse(null);
        if (called == null || called.ports().isEmpty()) {
            return;
        }
        boolean http =
                called.ports().stream().anyMatch(port -> port.protocol().isHttp() || port.protocol() == Protocol.AUTO);
        boolean other =
                called.ports().stream().anyMatch(port -> !port.protocol().isHttp());
        boolean httpRules = service.spec().getHttpCount() > 0;
        boolean otherRules = service.spec().getTlsCount() + service.spec().getTcpCount() > 0;
        if (httpRules && !otherRules && !http) {
            findings.report(PROTOCOL, service, at, "has http rules only, and " + called.hostname() + " no http port");
        } else if (otherRules && !httpRules && !other) {
            findings.report(PROTOCOL, service, at, "has no http rules, and " + called.hostname() + " only http ports");
        }
    }
}
