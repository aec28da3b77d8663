package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Target;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshService;
import java.util.List;
import java.util.stream.Collectors;

/** The port of a destination: missing where it is needed, or one that the service has not. */
final class DestinationPort implements Check {
    private static final Entry REQUIRED = Entry.error(
                    "FA0206", "a destination needs a port, since its service has several", """
                    The service has more than one port and the destination names none. Proxies then use the port of the
                    request, which at a Gateway is the Gateway's and need not be one of the service's: requests get
                    503 or reach the wrong port. Name the port in the destination.""")
            .istio("IST0112");
    private static final Entry UNKNOWN =
            Entry.error("FA0207", "a destination names a port that its service has not", """
            There is no such port on the service, so there is no cluster for the route and requests get 503. Give the
            port number of the Service (not the one of the container), or add the port to the Service.""");

    @Override
    public List<Entry> entries() {
        return List.of(REQUIRED, UNKNOWN);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<VirtualService> service : mesh.virtualServices()) {
            for (Target target : Target.of(service.spec())) {
                mesh.hosts()
                        .find(target.destination().getHost(), service.namespace())
                        .ifPresent(called -> check(service, target, called, findings));
            }
        }
    }

    private static void check(Config<VirtualService> service, Target target, MeshService called, Findings findings) {
        String ports = called.ports().stream()
                .map(port -> String.valueOf(port.number()))
                .collect(Collectors.joining(", "));
        if (target.destination().hasPort()) {
            int number = target.destination().getPort().getNumber();
            if (!called.ports().isEmpty() && called.port(number).isEmpty()) {
                findings.report(
                        UNKNOWN,
                        service,
                        target.at().field("port").field("number"),
                        called.hostname() + " has no port " + number + "; it has " + ports);
            }
        } else if (called.ports().size() > 1) {
            findings.report(
                    REQUIRED,
                    service,
                    target.at(),
                    called.hostname() + " has the ports " + ports + "; say which with port.number");
        }
    }
}
