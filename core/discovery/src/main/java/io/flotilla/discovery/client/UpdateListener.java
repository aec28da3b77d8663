package io.flotilla.discovery.client;

import io.flotilla.discovery.Resource;
import java.util.Optional;

/** Who uses what a client receives. Calls never overlap; the next response is read after the call returns. */
public interface UpdateListener {
    /** A new state, complete in all types. What it throws ends the stream, and the update is not given again. */
    void apply(Update update);

    /**
     * Why a resource cannot be used; empty if it can. A refused resource is told to the server, its last good
     * version stays in force, and the rest of the response is taken.
     */
    default Optional<String> refuse(String typeUrl, Resource resource) {
        return Optional.empty();
    }

    /** The stream came up, or went down with the reason. */
    default void connection(boolean up, String reason) {}
}
