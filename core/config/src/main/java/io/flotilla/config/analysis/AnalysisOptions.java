package io.flotilla.config.analysis;

import java.util.List;

/**
 * What of the findings is wanted.
 *
 * @param limitPerCode at most so many findings of one code, 1 or more; the rest is counted
 * @param suppressions what is not to be reported
 */
public record AnalysisOptions(int limitPerCode, List<Suppression> suppressions) {
    /** Everything that a person could read. */
    public static final AnalysisOptions DEFAULT = new AnalysisOptions(1000, List.of());

    public AnalysisOptions {
        suppressions = List.copyOf(suppressions);
    }
}
