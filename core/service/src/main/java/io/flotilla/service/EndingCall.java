package io.flotilla.service;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/** A call that somebody else may end while its own thread writes to it. */
public final class EndingCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private boolean over;
    private boolean ended;

    public EndingCall(ServerCall<Q, A> call) {
        super(call);
    }

    /** Ends it, if it has not ended by itself. */
    public synchronized void end(Status status) {
        ended |= !over;
        close(status, new Metadata());
    }

    /** Whether it was ended so. */
    public synchronized boolean ended() {
        return ended;
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        if (!over) {
            super.sendHeaders(headers);
        }
    }

    @Override
    public synchronized void sendMessage(A message) {
        if (!over) {
            super.sendMessage(message);
        }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
        if (!over) {
            over = true;
            super.close(status, trailers);
        }
    }

    @Override
    public synchronized boolean isReady() {
        return !over && super.isReady();
    }
}
