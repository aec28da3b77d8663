package io.flotilla.discovery.client;

import io.flotilla.discovery.Generation;

/**
 * How a client stands, for health and status pages.
 *
 * @param connected  whether its stream has answered
 * @param synced     whether a whole state is in force
 * @param generation of that state
 * @param heldBack   whether the server's state is older and therefore not taken yet
 * @param lastError  why the last stream ended; empty for none
 */
public record ClientStatus(
        boolean connected, boolean synced, Generation generation, boolean heldBack, String lastError) {}
