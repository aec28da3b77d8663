package io.flotilla.config.analysis.classic;

import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.authentication.v1alpha1.PortSelector;
import io.flotilla.api.authentication.v1alpha1.TargetSelector;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.MeshService;
import java.util.List;
import java.util.stream.Collectors;

/** Targets of a classic authentication policy. */
final class PolicyTargets implements Check {
    private static final Entry UNKNOWN = Entry.warning(
                    "FA0912", "a Policy of authentication.istio.io names a service or port that does not exist", """
                    targets names services of the policy's namespace by their short name, and ports of theirs. There is
                    no such service (or it has no such port), so the policy does not protect what was meant. Correct
                    the name; a policy for the whole namespace has no targets and is named default.""")
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
        for (Config<Policy> policy : mesh.all(Kind.POLICY, Policy.class)) {
            for (int i = 0; i < policy.spec().getTargetsCount(); i++) {
                TargetSelector target = policy.spec().getTargets(i);
                FieldPath at = Paths.item("targets", i);
                MeshService service =
                        mesh.hosts().find(target.getName(), policy.namespace()).orElse(null);
                if (service == null) {
                    findings.report(
                            UNKNOWN,
                            policy,
                            at.field("name"),
                            "namespace " + policy.namespace() + " has no service \"" + target.getName() + "\"");
                    continue;
                }
                for (int j = 0; j < target.getPortsCount(); j++) {
                    if (!has(service, target.getPorts(j))) {
                        findings.report(
                                UNKNOWN,
                                policy,
                                at.field("ports").item(j),
                                service.hostname() + " has no such port; it has "
                                        + service.ports().stream()
                                                .map(port -> port.name() + " " + port.number())
                                                .collect(Collectors.joining(", ")));
                    }
                }
            }
        }
    }

    private static boolean has(MeshService service, PortSelector selector) {
        return service.ports().stream()
                .anyMatch(port -> selector.hasName()
                        ? port.name().equals(selector.getName())
                        : port.number() == selector.getNumber());
    }
}
