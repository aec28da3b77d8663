package io.flotilla.config.analysis.scope;

import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.List;

/** Sidecars that say less than they seem to. */
final class SidecarDefaults implements Check {
    private static final Entry ROOT = Entry.warning("FA0709", "a Sidecar of the root namespace has a selector", """
                    A Sidecar in the root namespace is the default of all namespaces, and as such cannot have a
                    selector: with one it holds for pods of the root namespace only. Remove the selector, or move the
                    object to the namespace of the workloads.""")
            .kiali("KIA1006");
    private static final Entry MODE = Entry.info("FA0710", "outboundTrafficPolicy of a Sidecar has no mode", """
                    A Sidecar with outboundTrafficPolicy and no mode in it means REGISTRY_ONLY, the first value of the
                    field, although leaving the whole field out means what the mesh says, usually ALLOW_ANY. Write the
                    mode.""")
            .kiali("KIA1007");

    @Override
    public List<Entry> entries() {
        return List.of(ROOT, MODE);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<Sidecar> sidecar : mesh.all(Kind.SIDECAR, Sidecar.class)) {
            boolean root = sidecar.namespace().equals(mesh.settings().rootNamespace());
            if (root && sidecar.spec().getWorkloadSelector().getLabelsCount() > 0) {
                findings.report(
                        ROOT,
                        sidecar,
                        Paths.SPEC.field("workloadSelector"),
                        "with a selector this is no default for the mesh; remove it");
            }
            if (sidecar.spec().hasOutboundTrafficPolicy()
                    && !mesh.written(sidecar, "spec", "outboundTrafficPolicy", "mode")) {
                findings.report(
                        MODE,
                        sidecar,
                        Paths.SPEC.field("outboundTrafficPolicy"),
                        "is read as REGISTRY_ONLY where no mode is written; write the mode that is meant");
            }
        }
    }
}
