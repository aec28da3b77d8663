package io.flotilla.discovery.server;

import io.flotilla.discovery.View;
import java.time.Duration;
import java.util.List;

/** The first moments of a stream whose client was connected before, here or at another server. Not thread-safe. */
final class Reunion {
    /**
     * A client that comes back asks for one type after the other. What it holds of clusters and endpoints stays for so
     * long, so that the routes that it also still holds are heard of first.
     */
    private static final long RETURN_NANOS = Duration.ofSeconds(1).toNanos();

    /** A server that is behind the one where the client was before tells nothing older for so long. */
    private static final long BEHIND_NANOS = Duration.ofSeconds(10).toNanos();

    private long behindUntil = Long.MAX_VALUE;
    private boolean returned;
    private long returnedUntil = Long.MAX_VALUE;

    /** The client told what it holds of a type. */
    void begins(boolean referenced) {
        returned |= referenced;
    }

    /** Whether the client has newer from another server, and may still hope that this one gets as far. */
    boolean older(View view, TypeStream type, long nanos) {
        if (type.brought == 0) {
            return false;
        }
        if (type.brought <= view.generation().stamp()) {
            type.brought = 0;
            return false;
        }
        if (behindUntil == Long.MAX_VALUE) {
            behindUntil = nanos + BEHIND_NANOS;
        }
        if (nanos - behindUntil < 0) {
            return true;
        }
        type.brought = 0;
        return false;
    }

    /** Whether nothing that routes may lead to is to be taken away yet. */
    boolean lasts(long nanos) {
        if (!returned) {
            return false;
        }
        if (returnedUntil == Long.MAX_VALUE) {
            returnedUntil = nanos + RETURN_NANOS;
        }
        if (nanos - returnedUntil < 0) {
            return true;
        }
        returned = false;
        returnedUntil = Long.MAX_VALUE;
        return false;
    }

    /** When one of these answers may become another one. */
    long deadline(List<TypeStream> types) {
        long behind = Long.MAX_VALUE;
        for (TypeStream type : types) {
            behind = type.brought > 0 ? behindUntil : behind;
        }
        return Math.min(behind, returnedUntil);
    }
}
