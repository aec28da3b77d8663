package io.flotilla.config.analysis.workload;

import com.google.protobuf.Struct;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.ServiceManifests;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Ports of Services that lead to no port of a container. */
final class TargetPorts implements Check {
    private static final Entry NOWHERE = Entry.warning(
                    "FA0603", "a Service's target port is no port of its containers", """
                    None of the containers that the Service selects declares the target port. A number works in spite of
                    that if the application listens on it, but most often it is a slip; a name leads nowhere, and the
                    Service has no endpoint for the port. Correct targetPort, or declare the port in the
                    container.""")
            .kiali("KIA0701");

    @Override
    public List<Entry> entries() {
        return List.of(NOWHERE);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<Struct> service : mesh.manifests(Kind.SERVICE)) {
            Manifest manifest = new Manifest(service.spec());
            Map<String, String> selector = manifest.strings("spec", "selector");
            if (selector.isEmpty()) {
                continue;
            }
            List<WorkloadFact> workloads = mesh.workloads().select(service.namespace(), selector).stream()
                    .filter(WorkloadFact::hasManifest)
                    .filter(each -> !each.ports().isEmpty())
                    .toList();
            List<Manifest> ports = manifest.list("spec", "ports");
            for (int i = 0; i < ports.size() && !workloads.isEmpty(); i++) {
                Manifest port = ports.get(i);
                boolean served = workloads.stream().anyMatch(each -> {
                    OptionalInt target = ServiceManifests.target(port, each);
                    return target.isPresent() && each.ports().contains(target.getAsInt());
                });
                if (!served) {
                    String target = port.text("targetPort");
                    findings.report(
                            NOWHERE,
                            service,
                            Paths.item("ports", i).field(target.isEmpty() ? "port" : "targetPort"),
                            "no container has the port " + (target.isEmpty() ? port.text("port") : target));
                }
            }
        }
    }
}
