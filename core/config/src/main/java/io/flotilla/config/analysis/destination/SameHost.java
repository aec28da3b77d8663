package io.flotilla.config.analysis.destination;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Visibility;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Several DestinationRules for the same servers. */
final class SameHost implements Check {
    private static final Entry SAME = Entry.warning(
                    "FA0303", "several DestinationRules of a namespace are for the same host", """
                    Rules of one namespace for one host are merged: the oldest gives the traffic policy, and of a subset
                    that several define the oldest wins, so part of the others is ignored, and which part depends on
                    their age. Put everything about the host into one rule.""")
            .kiali("KIA0201");
    private static final Entry OVERRIDES = Entry.warning(
                    "FA0304", "a DestinationRule hides the TLS settings of one for a wider host", """
                    Only the rule with the most specific host applies, as a whole. This one says nothing about TLS, so
                    calls of its host do not get the TLS mode that the wider rule sets for all, and plaintext may reach
                    servers that want TLS (or the reverse). Repeat trafficPolicy.tls in the narrower rule, or rely on
                    automatic mutual TLS and remove it from the wider one.""")
            .kiali("KIA0204");

    @Override
    public List<Entry> entries() {
        return List.of(SAME, OVERRIDES);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        mesh.rules().byHost().forEach((host, rules) -> {
            for (Config<DestinationRule> rule : rules) {
                same(host, rule, rules, findings);
                if (!rule.spec().getTrafficPolicy().hasTls()) {
                    wider(mesh, host, rule, findings);
                }
            }
        });
    }

    private static void same(
            String host, Config<DestinationRule> rule, List<Config<DestinationRule>> rules, Findings findings) {
        for (Config<DestinationRule> other : rules) {
            boolean pair = !other.key().equals(rule.key())
                    && other.namespace().equals(rule.namespace())
                    && !rule.spec().hasWorkloadSelector()
                    && !other.spec().hasWorkloadSelector();
            if (pair && collides(rule.spec(), other.spec())) {
                findings.report(
                        SAME,
                        rule,
                        Paths.SPEC.field("host"),
                        "DestinationRule " + other.key().resourceName() + " is for " + host + " too; make one of them");
                return;
            }
        }
    }

    /** Both say something about all of the host, or about a subset of one name. */
    private static boolean collides(DestinationRule left, DestinationRule right) {
        Set<String> names = left.getSubsetsList().stream().map(Subset::getName).collect(Collectors.toSet());
        return (left.hasTrafficPolicy() && right.hasTrafficPolicy())
                || (left.getSubsetsCount() == 0 && right.getSubsetsCount() == 0)
                || right.getSubsetsList().stream().anyMatch(subset -> names.contains(subset.getName()));
    }

    private static void wider(Mesh mesh, String host, Config<DestinationRule> rule, Findings findings) {
        for (Config<DestinationRule> wide : mesh.rules().covering(host)) {
            boolean seen = Visibility.sees(wide.spec().getExportToList(), wide.namespace(), rule.namespace());
            boolean wider =
                    !mesh.hosts().full(wide.spec().getHost(), wide.namespace()).equals(host);
            if (seen && wider && wide.spec().getTrafficPolicy().hasTls()) {
                findings.report(
                        OVERRIDES,
                        rule,
                        Paths.SPEC.field("host"),
                        "hides tls mode "
                                + wide.spec().getTrafficPolicy().getTls().getMode() + " of DestinationRule "
                                + wide.key().resourceName() + "; repeat it here");
                return;
            }
        }
    }
}
