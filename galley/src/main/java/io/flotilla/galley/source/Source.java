package io.flotilla.galley.source;

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

    /** Ends reading; what it told stays in force. */
    @Override
    void close();
}
