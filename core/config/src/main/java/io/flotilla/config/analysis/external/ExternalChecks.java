package io.flotilla.config.analysis.external;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** Services and workloads beside the platform's. */
public final class ExternalChecks {
    public static final List<Check> ALL =
            List.of(new EntryAddresses(), new SameEntry(), new EntryWorkloads(), new Groups());

    private ExternalChecks() {}
}
