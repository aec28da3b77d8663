package io.flotilla.galley.source;

import java.util.List;

/** One platform that configuration is read from. Each runs on threads of its own and tells changes to a sink. */
public interface Source extends AutoCloseable {
    SourceName name();

    /** Begins to read; returns at once. Called once. */
    void start(SourceSink sink);

    SourceStatus status();

    /** False once it can never tell another change, whatever happens outside. */
    default boolean alive() {
        return true;
    }

    /** Deletions that it keeps back, because too many were told at once. */
    default List<HeldDeletions> heldDeletions() {
        return List.of();
    }

    /** The operator's word that deletions that are kept back are meant: they count at once, or very soon. */
    default void confirm(HeldDeletions held) {}

    /** Ends reading; what it told stays in force. */
    @Override
    void close();
}
