package io.flotilla.galley.source;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes what sources tell. For any thread; a call returns when the change is published. */
public interface SourceSink {
    /**
     * One change, seen together by everybody.
     *
     * @param documents name of a document (a path, "kubernetes/...") to its YAML or JSON text; empty where it is gone
     * @param synced    the source has told everything that it has, with this change or before: what was held from an
     *                  earlier run and not told since is gone. Until then nothing of that is removed. It stays true
     */
    void apply(SourceName source, Map<String, Optional<String>> documents, boolean synced);

    /** Documents of an earlier run of this source that are in force until it has told everything; as of the start. */
    default Collection<String> held(SourceName source) {
        return List.of();
    }

    /** The text of such a document. */
    default Optional<String> held(SourceName source, String document) {
        return Optional.empty();
    }
}
