package io.flotilla.discovery;

import java.util.Map;
import java.util.TreeMap;

/**
 * How new a state is: a vector of sequence numbers, one per source. It travels with every response.
 *
 * @param epoch     of the process that counts, in milliseconds since 1970: a later one may count from anew
 * @param sequences source to its sequence number
 */
public record Generation(long epoch, Map<String, Long> sequences) {
    public static final Generation NONE = new Generation(0, Map.of());

    public Generation {
        sequences = Map.copyOf(sequences);
    }

    /** At least as new as the other in every source that the other knows. */
    public boolean dominates(Generation other) {
        return other.sequences.entrySet().stream()
                .allMatch(entry -> sequences.getOrDefault(entry.getKey(), -1L) >= entry.getValue());
    }

    /** "EPOCH;SOURCE=SEQUENCE;..." sorted by source, as it is written into system_version_info. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(epoch);
        new TreeMap<>(sequences)
                .forEach((source, sequence) ->
                        text.append(';').append(source).append('=').append(sequence));
        return text.toString();
    }
}
