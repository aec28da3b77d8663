package io.flotilla.discovery;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How new a state is: a vector of sequence numbers, one per source. It travels with every response.
 *
 * @param epoch     of the process that counts, in milliseconds since 1970: a later one may count from anew. Sources
 *                  whose numbers outlive the process (resourceVersion) use 0, so that all replicas compare
 * @param sequences source to its sequence number; a source's name has no ';' and no '='
 */
public record Generation(long epoch, Map<String, Long> sequences) {
    public static final Generation NONE = new Generation(0, Map.of());

    public Generation {
        sequences = Map.copyOf(sequences);
    }

    /**
     * Whether a consumer that holds the other may go over to this one: of the same epoch, at least as new in every
     * source that the other knows; of a later epoch, always, since its process read its sources after the other
     * began to count; of an earlier epoch, never. Anything dominates {@link #NONE}.
     */
    public boolean dominates(Generation other) {
        if (other.equals(NONE)) {
            return true;
        }
        if (epoch != other.epoch) {
            return epoch > other.epoch;
        }
        return other.sequences.entrySet().stream()
                .allMatch(entry -> sequences.getOrDefault(entry.getKey(), -1L) >= entry.getValue());
    }

    /**
     * The newest of the numbers, 0 without any. Galley counts in milliseconds since 1970 (decision 010), so that this
     * compares between replicas where there is no room for the whole.
     */
    public long stamp() {
        return sequences.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** Reads what {@link #toString} wrote; empty where the text is something else. */
    public static Optional<Generation> parse(String text) {
        String[] parts = text.split(";", -1);
        try {
            long epoch = Long.parseLong(parts[0]);
            Map<String, Long> sequences = new HashMap<>();
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].lastIndexOf('=');
                if (equals < 0) {
                    return Optional.empty();
                }
                sequences.put(parts[i].substring(0, equals), Long.parseLong(parts[i].substring(equals + 1)));
            }
            return Optional.of(new Generation(epoch, sequences));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** "EPOCH;SOURCE=SEQUENCE;..." sorted by source, as {@link StateVersion} writes it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(epoch);
        new TreeMap<>(sequences)
                .forEach((source, sequence) ->
                        text.append(';').append(source).append('=').append(sequence));
        return text.toString();
    }
}
