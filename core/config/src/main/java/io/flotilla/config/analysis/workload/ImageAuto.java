package io.flotilla.config.analysis.workload;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Namespaces;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.List;

/** Gateways whose image the injector should fill in, where no injector looks. */
final class ImageAuto implements Check {
    private static final String EXPLANATION = """
            image: auto stands for the proxy's image, which the injector fills in. These pods are not injected: their
            namespace is not labelled, or they opt out. Kubernetes then looks for an image named "auto" and the pods
            never start. Label the namespace with istio-injection=enabled, or the pods with
            sidecar.istio.io/inject: "true".""";
    private static final Entry CONTROLLER = Entry.warning(
                    "FA0614", "a workload with image: auto is not injected", EXPLANATION)
            .istio("IST0146");
    private static final Entry POD = Entry.error("FA0615", "a pod with image: auto was not injected", EXPLANATION)
            .istio("IST0147");

    @Override
    public List<Entry> entries() {
        return List.of(CONTROLLER, POD);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (WorkloadFact workload : mesh.workloads().all()) {
            List<Manifest> containers = workload.pod().list("spec", "containers");
            for (int i = 0; i < containers.size(); i++) {
                if (containers.get(i).text("image").equals("auto") && !injected(mesh, workload)) {
                    boolean pod = workload.source().key().kind().equals(Kind.POD);
                    findings.report(
                            pod ? POD : CONTROLLER,
                            workload.source(),
                            workload.at()
                                    .field("spec")
                                    .field("containers")
                                    .item(i)
                                    .field("image"),
                            "is filled in by the injector, which does not look at these pods; "
                                    + "label the namespace or the pods");
                }
            }
        }
    }

    private static boolean injected(Mesh mesh, WorkloadFact workload) {
        String asked = Namespaces.asked(workload);
        Namespaces.Injection namespace = mesh.namespaces().injection(workload.namespace());
        return !asked.equals("false")
                && (asked.equals("true")
                        || namespace == Namespaces.Injection.ENABLED
                        || namespace == Namespaces.Injection.UNKNOWN);
    }
}
