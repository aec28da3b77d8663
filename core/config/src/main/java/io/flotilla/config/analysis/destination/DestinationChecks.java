package io.flotilla.config.analysis.destination;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** DestinationRules. */
public final class DestinationChecks {
    public static final List<Check> ALL = List.of(
            new RuleHost(),
            new EmptySubset(),
            new SameHost(),
            new NoServerCheck(),
            new UnusedSubset(),
            new RulePort(),
            new LocalityWithoutOutliers(),
            new UnselectedCredential());

    private DestinationChecks() {}
}
