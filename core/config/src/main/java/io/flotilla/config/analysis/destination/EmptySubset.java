package io.flotilla.config.analysis.destination;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.MeshService;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Subsets that nobody is in, or everybody. */
final class EmptySubset implements Check {
    private static final Entry EMPTY = Entry.warning("FA0302", "the labels of a subset fit no workload", """
                    None of the host's workloads has the labels of the subset, so a route that names it gets 503.
                    Correct the labels (they are compared with those of pods, and "1.0" needs quotes in YAML), deploy
                    the version, or remove the subset.""")
            .istio("IST0173")
            .kiali("KIA0203");
    private static final Entry ALL =
            Entry.warning("FA0305", "a subset has no labels", """
                    Without labels the subset is the whole service, so routing to it separates nothing; only its
                    traffic policy differs. Give it the labels of the version that is meant, or put the policy on the
                    whole host.""").kiali("KIA0209");

    @Override
    public List<Entry> entries() {
        return List.of(EMPTY, ALL);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<DestinationRule> rule : mesh.destinationRules()) {
            MeshService service =
                    mesh.hosts().find(rule.spec().getHost(), rule.namespace()).orElse(null);
            Set<Map<String, String>> servers = service == null ? Set.of() : mesh.servers(service);
            for (int i = 0; i < rule.spec().getSubsetsCount(); i++) {
                Subset subset = rule.spec().getSubsets(i);
                FieldPath at = Paths.item("subsets", i);
                if (subset.getLabelsCount() == 0) {
                    if (service != null && !service.external()) {
                        findings.report(
                                ALL,
                                rule,
                                at,
                                "subset \"" + subset.getName() + "\" has no labels: it is all of the host");
                    }
                } else if (service != null
                        && !servers.isEmpty()
                        && !topology(subset)
                        && servers.stream().noneMatch(labels -> Labels.fit(subset.getLabelsMap(), labels))) {
                    findings.report(
                            EMPTY,
                            rule,
                            at.field("labels"),
                            "no workload of " + service.hostname() + " has the labels "
                                    + Labels.text(subset.getLabelsMap()));
                }
            }
        }
    }

    /** Labels that workloads get from the place where they run. */
    private static boolean topology(Subset subset) {
        return subset.getLabelsMap().keySet().stream()
                .anyMatch(key -> key.startsWith("topology.") || key.startsWith("failure-domain."));
    }
}
