package io.flotilla.config.mixer;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Labels of Mixer's metrics that say who reported, who called and who was called, as Mixer knows it from the registry and
 * from certificates. A Telemetry may leave them out but not set them, else one namespace's objects could count its
 * requests as another's.
 */
public final class VerifiedLabels {
    private static final Set<String> NAMES = Stream.concat(
                    Stream.of("reporter"),
                    Stream.of("source_", "destination_")
                            .flatMap(side -> Stream.of("workload", "workload_namespace", "principal", "cluster")
                                    .map(side::concat)))
            .collect(Collectors.toUnmodifiableSet());

    private VerifiedLabels() {}

    /** Whether a label is one of them. */
    public static boolean contains(String label) {
        return NAMES.contains(label);
    }
}
