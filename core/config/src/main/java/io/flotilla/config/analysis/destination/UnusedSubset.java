package io.flotilla.config.analysis.destination;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Target;
import io.flotilla.config.model.Config;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Subsets that no route names. */
final class UnusedSubset implements Check {
    private static final Entry UNUSED = Entry.info("FA0308", "no route uses a subset", """
            The subset is defined, but no VirtualService (and no delegate) routes to it, so its labels and its traffic
            policy have no effect; requests go to the whole host. Route to it, or delete it. It costs a cluster in
            every proxy that sees the host.""");

    @Override
    public List<Entry> entries() {
        return List.of(UNUSED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Set<String> used = new HashSet<>();
        for (Config<VirtualService> service : mesh.virtualServices()) {
            Target.of(service.spec())
                    .forEach(target ->
                            used.add(mesh.hosts().full(target.destination().getHost(), service.namespace()) + " "
                                    + target.destination().getSubset()));
        }
        mesh.rules().byHost().forEach((host, rules) -> {
            if (host.startsWith("*")) {
                return;
            }
            for (Config<DestinationRule> rule : rules) {
                for (int i = 0; i < rule.spec().getSubsetsCount(); i++) {
                    String name = rule.spec().getSubsets(i).getName();
                    if (!used.contains(host + " " + name)) {
                        findings.report(
                                UNUSED, rule, Paths.item("subsets", i), "no route leads to subset \"" + name + "\"");
                    }
                }
            }
        });
    }
}
