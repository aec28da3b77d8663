package io.flotilla.config.analysis.destination;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import java.util.List;

/** A DestinationRule for a host that is not there. */
final class RuleHost implements Check {
    private static final Entry UNKNOWN = Entry.warning(
                    "FA0301", "a DestinationRule is for a host that is not in the mesh", """
                    No service that the rule's namespace sees has this host, so the rule applies to nothing. Correct
                    the host (a name without a dot is a service of the rule's own namespace), declare it with a
                    ServiceEntry, or delete the rule.""")
            .istio("IST0174")
            .kiali("KIA0202");

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
        for (Config<DestinationRule> rule : mesh.destinationRules()) {
            String host = rule.spec().getHost();
            boolean local = host.equals("*.local") || host.equals("*");
            if (!local && !mesh.hosts().known(mesh.hosts().full(host, rule.namespace()), rule.namespace())) {
                findings.report(
                        UNKNOWN,
                        rule,
                        Paths.SPEC.field("host"),
                        "no service that " + rule.namespace() + " sees has the host \""
                                + mesh.hosts().full(host, rule.namespace()) + "\"");
            }
        }
    }
}
