package io.flotilla.config.analysis.scope;

import io.flotilla.api.type.v1beta1.PolicyTargetReference;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Kind;
import java.util.List;
import java.util.Set;

/** targetRefs that refer to nothing. */
final class TargetReferences implements Check {
    private static final Entry UNKNOWN = Entry.error("FA0720", "a policy refers to a target that does not exist", """
                    The object applies to what targetRefs name, and there is no such Gateway, Service or ServiceEntry in
                    its namespace, so it applies to nothing. Correct kind and name, or create the target.""")
            .istio("IST0101");

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
        for (Selecting each : Selecting.all(mesh)) {
            for (int i = 0; i < each.targets().size(); i++) {
                PolicyTargetReference target = each.targets().get(i);
                Kind kind = new Kind(target.getGroup().equals("core") ? "" : target.getGroup(), target.getKind());
                String namespace =
                        target.getNamespace().isEmpty() ? each.config().namespace() : target.getNamespace();
                boolean judged = Set.of("Gateway", "Service", "ServiceEntry").contains(kind.name());
                if (judged && mesh.find(kind, namespace, target.getName()).isEmpty()) {
                    findings.report(
                            UNKNOWN,
                            each.config(),
                            Paths.item("targetRefs", i),
                            "there is no " + target.getKind() + " \"" + namespace + "/" + target.getName() + "\"");
                }
            }
        }
    }
}
