package io.flotilla.config.analysis.gateway;

import com.google.protobuf.Struct;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.platform.Manifest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A port of a Gateway that no Service leads to. */
final class PortWithoutService implements Check {
    private static final Entry WITHOUT = Entry.warning("FA0404", "no Service leads to a port of a Gateway", """
                    Callers reach a gateway's pods through a Service, and none of those that select the pods has this
                    port as its target (or as its port, where no target is given). The proxy listens, but nobody
                    arrives. Add the port to the Service of the gateway, or correct the number.""")
            .istio("IST0104", "IST0162");

    @Override
    public List<Entry> entries() {
        return List.of(WITHOUT);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<Gateway> gateway : mesh.gateways()) {
            if (gateway.spec().getSelectorCount() == 0) {
                continue;
            }
            List<WorkloadFact> pods =
                    mesh.workloads().selectAnywhere(gateway.spec().getSelectorMap());
            if (!pods.isEmpty()) {
                check(mesh, gateway, pods, findings);
            }
        }
    }

    private static void check(Mesh mesh, Config<Gateway> gateway, List<WorkloadFact> pods, Findings findings) {
        Set<Integer> targets = new TreeSet<>();
        for (WorkloadFact pod : pods) {
            for (Config<Struct> service : mesh.services().selecting(pod)) {
                for (Manifest port : new Manifest(service.spec()).list("spec", "ports")) {
                    // A Gateway may also name the Service's own port: proxies then listen on its target.
                    port.number("port").ifPresent(targets::add);
                    port.number("targetPort").ifPresent(targets::add);
                    pod.port(port.text("targetPort")).ifPresent(targets::add);
                }
            }
        }
        for (int i = 0; i < gateway.spec().getServersCount(); i++) {
            int number = gateway.spec().getServers(i).getPort().getNumber();
            if (!targets.contains(number)) {
                findings.report(
                        WITHOUT,
                        gateway,
                        Paths.item("servers", i).field("port").field("number"),
                        "no Service of the pods with "
                                + Labels.text(gateway.spec().getSelectorMap()) + " has port " + number);
            }
        }
    }
}
