package io.flotilla.config.analysis.workload;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Namespaces;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Kind;
import java.util.List;

/** Pods that should have a sidecar and were made without. */
final class MissingProxy implements Check {
    private static final Entry MISSING = Entry.warning(
                    "FA0612", "a pod has no sidecar although its namespace gets them", """
                    The namespace is labelled for injection, but this pod runs without a sidecar: most often it is older
                    than the label, or the injector was not reachable when it was made. Its calls have no mutual TLS and
                    no routes. Restart the workload; if it should have none, annotate the pod with
                    sidecar.istio.io/inject: "false".""")
            .istio("IST0103");

    @Override
    public List<Entry> entries() {
        return List.of(MISSING);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (WorkloadFact pod : mesh.workloads().all()) {
            if (!pod.source().key().kind().equals(Kind.POD) || pod.hasProxy()) {
                continue;
            }
            // A manifest that nobody has applied yet has no status: its sidecar is still to come.
            boolean running = pod.pod().value("status", "phase").isPresent()
                    || !pod.pod().list("metadata", "ownerReferences").isEmpty();
            boolean wanted = mesh.namespaces().injection(pod.namespace()) == Namespaces.Injection.ENABLED
                    && !Namespaces.asked(pod).equals("false")
                    && !pod.pod().flag("spec", "hostNetwork");
            if (running && wanted) {
                findings.report(
                        MISSING,
                        pod.source(),
                        Paths.METADATA,
                        "has no sidecar; restart it, or opt it out by annotation");
            }
        }
    }
}
