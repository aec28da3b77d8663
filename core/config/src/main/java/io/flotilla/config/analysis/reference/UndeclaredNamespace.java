package io.flotilla.config.analysis.reference;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Objects in a namespace that nobody creates, where namespaces are among what is analysed. */
final class UndeclaredNamespace implements Check {
    private static final Set<String> ALWAYS_THERE = Set.of("default", "kube-system", "kube-public", "kube-node-lease");

    private static final Entry UNDECLARED =
            Entry.info("FA0112", "objects are in a namespace that is not declared", """
            Other namespaces are declared among the objects, but this one is not, so applying them together fails
            unless the namespace exists already, and nothing tells whether its pods get sidecars. Add a Namespace
            with the right injection label, or correct the name.""");

    @Override
    public List<Entry> entries() {
        return List.of(UNDECLARED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        if (mesh.namespaces().declared().isEmpty()) {
            return;
        }
        Set<String> reported = new HashSet<>();
        for (Config<?> config : mesh.objects()) {
            String namespace = config.namespace();
            if (!namespace.isEmpty()
                    && !ALWAYS_THERE.contains(namespace)
                    && !namespace.equals(mesh.settings().rootNamespace())
                    && !mesh.namespaces().declared().containsKey(namespace)
                    && reported.add(namespace)) {
                findings.report(
                        UNDECLARED,
                        config,
                        Paths.METADATA.field("namespace"),
                        "namespace \"" + namespace + "\" is not declared, although others are; add a Namespace");
            }
        }
    }
}
