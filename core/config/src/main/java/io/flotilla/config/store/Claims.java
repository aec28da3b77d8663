package io.flotilla.config.store;

import io.flotilla.config.model.Config;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The documents that have a certain object; nearly always one.
 *
 * @param documents sorted: the last counts
 * @param configs   the object as each of them has it
 */
record Claims(List<Document> documents, List<Config<?>> configs) {
    static final Claims NONE = new Claims(List.of(), List.of());

    Claims {
        documents = List.copyOf(documents);
        configs = List.copyOf(configs);
    }

    /** As they are once a document has the object so; null: no longer. */
    Claims with(Document document, @Nullable Config<?> config) {
        List<Document> others = new ArrayList<>(documents);
        List<Config<?>> theirs = new ArrayList<>(configs);
        int at = others.indexOf(document);
        if (at >= 0) {
            others.remove(at);
            theirs.remove(at);
        }
        if (config != null) {
            int place = 0;
            while (place < others.size() && others.get(place).compareTo(document) < 0) {
                place++;
            }
            others.add(place, document);
            theirs.add(place, config);
        }
        return new Claims(others, theirs);
    }

    boolean isEmpty() {
        return documents.isEmpty();
    }

    int size() {
        return documents.size();
    }

    Document document(int i) {
        return documents.get(i);
    }

    Config<?> config(int i) {
        return configs.get(i);
    }

    /** The object that is in force. */
    Config<?> winner() {
        return configs.getLast();
    }
}
