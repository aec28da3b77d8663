package io.flotilla.galley.state;

import io.flotilla.discovery.Generation;
import io.flotilla.galley.source.SourceName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an earlier run held.
 *
 * @param documents  per source, name to text
 * @param lastGood   of documents with errors, the text before those: objects of it may be in force still
 * @param generation under which it was served last
 */
public record Seed(
        Map<SourceName, Map<String, String>> documents,
        Map<SourceName, Map<String, String>> lastGood,
        Generation generation) {
    public Seed {
        documents = copy(documents);
        lastGood = copy(lastGood);
    }

    /** Where no document had an error. */
    public Seed(Map<SourceName, Map<String, String>> documents, Generation generation) {
        this(documents, Map.of(), generation);
    }

    private static Map<SourceName, Map<String, String>> copy(Map<SourceName, Map<String, String>> documents) {
        Map<SourceName, Map<String, String>> copy = new TreeMap<>();
        documents.forEach((source, texts) -> copy.put(source, Map.copyOf(texts)));
        return copy;
    }

    /** Where it is kept. A bean of this type is asked as Galley starts, before any source. */
    public interface Keeper {
        Optional<Seed> load();
    }
}
