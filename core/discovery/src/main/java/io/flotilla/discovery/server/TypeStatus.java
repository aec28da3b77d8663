package io.flotilla.discovery.server;

import io.flotilla.discovery.Generation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where one type stands on one stream.
 *
 * @param typeUrl    of the resources
 * @param wildcard   whether all names are wanted
 * @param names      how many names are wanted one by one
 * @param generation of the last complete response
 * @param sent       the last response; null before it
 * @param accepted   the last response that the client took
 * @param rejected   the last response that it refused; null when a later one was taken
 * @param message    why; empty without one
 * @param kept       whether the client came with all that there is for it, so that nothing had to be sent yet
 */
public record TypeStatus(
        String typeUrl,
        boolean wildcard,
        int names,
        Generation generation,
        @Nullable Event sent,
        @Nullable Event accepted,
        @Nullable Event rejected,
        String message,
        boolean kept) {

    /** Whether the client took the last thing that it was sent, or needed nothing. */
    public boolean synced() {
        return sent == null ? kept : accepted != null && sent.nonce() == accepted.nonce();
    }

    /**
     * A response, and when this happened to it.
     *
     * @param nonce   of the response
     * @param version what it said in (system_)version_info
     * @param at      when
     */
    public record Event(long nonce, String version, Instant at) {}
}
