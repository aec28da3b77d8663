package io.flotilla.config.analysis.reference;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Kind;
import java.util.List;

/** A pod needs a ConfigMap that is not there. */
final class UnknownConfigMap implements Check {
    private static final String BOOTSTRAP = "sidecar.istio.io/bootstrapOverride";

    private static final Entry UNKNOWN = Entry.error("FA0110", "a pod needs a ConfigMap that does not exist", """
                    The annotation sidecar.istio.io/bootstrapOverride names a ConfigMap of the pod's namespace with the
                    sidecar's own bootstrap. It is not there, so the pod cannot start. Create the ConfigMap in the
                    pod's namespace, or correct or remove the annotation.""")
            .istio("IST0101");

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (WorkloadFact workload : mesh.workloads().all()) {
            String name = workload.annotations().getOrDefault(BOOTSTRAP, "");
            if (!name.isEmpty()
                    && workload.hasManifest()
                    && mesh.find(Kind.CONFIG_MAP, workload.namespace(), name).isEmpty()) {
                findings.report(
                        UNKNOWN,
                        workload.source(),
                        workload.at().field("metadata").field("annotations").field(BOOTSTRAP),
                        "there is no ConfigMap \"" + name + "\" in namespace " + workload.namespace());
            }
        }
    }
}
