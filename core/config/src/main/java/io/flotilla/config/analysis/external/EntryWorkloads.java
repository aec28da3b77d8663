package io.flotilla.config.analysis.external;

import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.List;
import java.util.Map;

/** ServiceEntries whose workloads are not there. */
final class EntryWorkloads implements Check {
    private static final Entry NOBODY = Entry.warning("FA1004", "the workloads of a ServiceEntry are not there", """
                    The entry takes its endpoints from WorkloadEntries and pods of its namespace with the labels of its
                    selector, or lists addresses that WorkloadEntries should cover. None fits, so the host has no
                    endpoint and callers get 503. Correct the labels, or register the workloads.""")
            .kiali("KIA1201");

    @Override
    public List<Entry> entries() {
        return List.of(NOBODY);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<ServiceEntry> entry : mesh.all(Kind.SERVICE_ENTRY, ServiceEntry.class)) {
            Map<String, String> selector = entry.spec().getWorkloadSelector().getLabelsMap();
            if (!selector.isEmpty()
                    && mesh.workloads().select(entry.namespace(), selector).isEmpty()) {
                findings.report(
                        NOBODY,
                        entry,
                        Paths.SPEC.field("workloadSelector").field("labels"),
                        "no WorkloadEntry and no pod of namespace " + entry.namespace() + " has the labels "
                                + Labels.text(selector));
            }
        }
    }
}
