package io.flotilla.config.analysis.security;

import com.google.protobuf.Struct;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
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
import java.util.Set;
import java.util.TreeSet;

/** Settings of a PeerAuthentication for ports that nobody has. */
final class PortLevelMtls implements Check {
    private static final Entry UNKNOWN = Entry.warning(
            "FA0509", "a PeerAuthentication has a setting for a port that its workloads do not have", """
            portLevelMtls counts ports of containers, not of Services, and none of the selected workloads is called on
            this one, so the setting applies to nothing. Most often the port of the Service was written: give its
            targetPort.""");

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<PeerAuthentication> policy : mesh.all(Kind.PEER_AUTHENTICATION, PeerAuthentication.class)) {
            if (policy.spec().getPortLevelMtlsCount() == 0) {
                continue;
            }
            List<WorkloadFact> selected = mesh.workloads()
                    .select(policy.namespace(), policy.spec().getSelector().getMatchLabelsMap());
            Set<Integer> ports = new TreeSet<>();
            for (WorkloadFact workload : selected) {
                ports.addAll(workload.ports());
                for (Config<Struct> service : mesh.services().selecting(workload)) {
                    new Manifest(service.spec())
                            .list("spec", "ports")
                            .forEach(port ->
                                    ServiceManifests.target(port, workload).ifPresent(ports::add));
                }
            }
            if (!ports.isEmpty()) {
                policy.spec().getPortLevelMtlsMap().keySet().stream()
                        .filter(port -> !ports.contains(port))
                        .forEach(port -> findings.report(
                                UNKNOWN,
                                policy,
                                Paths.SPEC.field("portLevelMtls").field(String.valueOf(port)),
                                "no selected workload is called on port " + port + "; they are on " + ports));
            }
        }
    }
}
