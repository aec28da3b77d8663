package io.flotilla.bookinfo.http;

/** What came of a call to another service. */
public sealed interface Reply {
    /** The service, or a proxy on the way, answered. */
    record Answer(int status, String body) implements Reply {}

    /** No answer came, or none in time. */
    record Unreachable(String reason) implements Reply {}
}
