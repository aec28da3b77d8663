package io.flotilla.config.analysis.workload;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** Services, workloads, sidecars. */
public final class WorkloadChecks {
    public static final List<Check> ALL = List.of(
            new PortNames(),
            new TargetPorts(),
            new ServiceWithoutPods(),
            new SharedWorkload(),
            new ReservedUser(),
            new NamespaceInjection(),
            new MissingProxy(),
            new ImageAuto());

    private WorkloadChecks() {}
}
