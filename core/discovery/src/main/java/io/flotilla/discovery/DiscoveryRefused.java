package io.flotilla.discovery;

import io.grpc.Status;

/** A stream that is not to be served, with the status that tells the client why. */
public final class DiscoveryRefused extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Status status;

    public DiscoveryRefused(Status status) {
        super(status.getDescription());
        this.status = status;
    }

    public Status status() {
        return status;
    }
}
