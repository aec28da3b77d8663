package io.flotilla.config.analysis.workload;

import com.google.protobuf.Struct;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Services that nobody serves, and workloads that nobody calls. */
final class ServiceWithoutPods implements Check {
    private static final Set<String> RUN_ONCE = Set.of("Job", "CronJob");

    private static final Entry NO_PODS = Entry.warning("FA0604", "the selector of a Service fits no workload", """
            No pod and no controller of the namespace has the labels that the Service selects, so it has no endpoints
            and callers get 503. Correct the selector (it is compared with the labels of pods, those of the template,
            not of the Deployment), or deploy the workload.""");
    private static final Entry NO_SERVICE =
            Entry.info("FA0607", "no Service leads to a workload", """
                    No Service of the namespace selects these pods. They can call others, but rules for them as a server
                    (protocols of ports, routes, tokens) have nothing to hold on to, and callers are shown as unknown
                    services. Add a Service if the workload is called by anybody.""").istio("IST0117");

    @Override
    public List<Entry> entries() {
        return List.of(NO_PODS, NO_SERVICE);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        boolean any = !mesh.workloads().all().isEmpty();
        for (Config<Struct> service : mesh.manifests(Kind.SERVICE)) {
            Map<String, String> selector = new Manifest(service.spec()).strings("spec", "selector");
            if (any
                    && !selector.isEmpty()
                    && mesh.workloads().select(service.namespace(), selector).isEmpty()) {
                findings.report(
                        NO_PODS,
                        service,
                        Paths.SPEC.field("selector"),
                        "no workload of namespace " + service.namespace() + " has the labels " + Labels.text(selector));
            }
        }
        for (WorkloadFact workload : mesh.workloads().all()) {
            boolean server = workload.hasManifest()
                    && !workload.source().key().kind().equals(Kind.POD)
                    && !RUN_ONCE.contains(workload.source().key().kind().name())
                    && mesh.namespaces().inMesh(workload);
            if (server && mesh.services().selecting(workload).isEmpty()) {
                findings.report(
                        NO_SERVICE,
                        workload.source(),
                        workload.at().field("metadata").field("labels"),
                        "no Service selects " + Labels.text(workload.labels()));
            }
        }
    }
}
