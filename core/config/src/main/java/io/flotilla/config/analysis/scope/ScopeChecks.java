package io.flotilla.config.analysis.scope;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** Objects that select workloads. */
public final class ScopeChecks {
    public static final List<Check> ALL = List.of(
            new SelectorWithoutWorkload(),
            new SeveralForOne(),
            new SidecarHosts(),
            new SidecarDefaults(),
            new FilterOperations(),
            new TelemetryProviders(),
            new TargetReferences());

    private ScopeChecks() {}
}
