package io.flotilla.config.analysis.destination;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.MeshService;
import java.util.List;
import java.util.stream.Collectors;

/** Settings for ports that the host has not. */
final class RulePort implements Check {
    private static final Entry UNKNOWN =
            Entry.warning("FA0309", "a DestinationRule has settings for a port that its host has not", """
            Settings by port are for ports of the Service (not of containers). The host has no such port, so they apply
            to nothing, and the port that was meant keeps the settings of the host. Correct the number.""");

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
            mesh.hosts().find(rule.spec().getHost(), rule.namespace()).ifPresent(service -> {
                policy(rule, service, rule.spec().getTrafficPolicy(), Paths.SPEC.field("trafficPolicy"), findings);
                for (int i = 0; i < rule.spec().getSubsetsCount(); i++) {
                    policy(
                            rule,
                            service,
                            rule.spec().getSubsets(i).getTrafficPolicy(),
                            Paths.item("subsets", i).field("trafficPolicy"),
                            findings);
                }
            });
        }
    }

    private static void policy(
            Config<DestinationRule> rule, MeshService service, TrafficPolicy policy, FieldPath at, Findings findings) {
        for (int i = 0; i < policy.getPortLevelSettingsCount(); i++) {
            int number = policy.getPortLevelSettings(i).getPort().getNumber();
            if (number != 0
                    && !service.ports().isEmpty()
                    && service.port(number).isEmpty()) {
                String ports = service.ports().stream()
                        .map(port -> String.valueOf(port.number()))
                        .collect(Collectors.joining(", "));
                findings.report(
                        UNKNOWN,
                        rule,
                        at.field("portLevelSettings").item(i).field("port").field("number"),
                        service.hostname() + " has no port " + number + "; it has " + ports);
            }
        }
    }
}
