package io.flotilla.bookinfo.http;

/** A server that runs. */
public interface Running {
    int port();

    /** Goes on serving until it is quiet, then closes; returns when closed. */
    void drain(Drain drain);
}
