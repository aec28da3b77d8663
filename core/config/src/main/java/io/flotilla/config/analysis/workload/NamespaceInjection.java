package io.flotilla.config.analysis.workload;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Namespaces;
import io.flotilla.config.analysis.Paths;
import java.util.List;

/** What namespaces say of sidecars. */
final class NamespaceInjection implements Check {
    private static final Entry SILENT = Entry.info(
                    "FA0611", "a namespace does not say whether its pods get sidecars", """
                    The namespace has workloads and no injection label, so its pods get no sidecar and are outside of
                    the mesh. If they should be in it, set the label istio-injection=enabled (or istio.io/rev) and
                    restart them; if not, istio-injection=disabled says that it is meant.""")
            .istio("IST0102");
    private static final Entry BOTH = Entry.warning("FA0613", "a namespace has several injection labels", """
                    istio-injection and istio.io/rev are both set. The first wins, so the revision is passed over and
                    pods may get the sidecar of another control plane than was meant. Keep one of the two.""")
            .istio("IST0123");

    @Override
    public List<Entry> entries() {
        return List.of(SILENT, BOTH);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        mesh.namespaces().declared().forEach((name, namespace) -> {
            if (namespace.labels().containsKey("istio-injection")
                    && namespace.labels().containsKey("istio.io/rev")) {
                findings.report(
                        BOTH,
                        namespace,
                        Paths.LABELS,
                        "has both istio-injection=" + namespace.labels().get("istio-injection") + " and istio.io/rev="
                                + namespace.labels().get("istio.io/rev") + "; keep one");
            }
            boolean system =
                    name.startsWith("kube-") || name.equals(mesh.settings().rootNamespace());
            boolean undecided = mesh.workloads().in(name).stream()
                    .anyMatch(each -> each.hasManifest()
                            && !each.hasProxy()
                            && Namespaces.asked(each).isEmpty());
            if (!system && undecided && mesh.namespaces().injection(name) == Namespaces.Injection.SILENT) {
                findings.report(
                        SILENT,
                        namespace,
                        Paths.METADATA,
                        "has no injection label; set istio-injection=enabled, or disabled if that is meant");
            }
        });
    }
}
