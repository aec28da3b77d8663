package io.flotilla.bookinfo.http;

/** What an application does with a request; called on a virtual thread, so it may wait. */
@FunctionalInterface
public interface Handler {
    Response answer(Request request);
}
