package io.flotilla.pilot.push;

import java.time.Duration;

/** Told of what is given to proxies. */
public interface PushListener {
    /** A type's new content went to this many streams. */
    void pushed(String typeUrl, int streams);

    /** A view's new content, of a type among others, was made and handed over in this time. */
    default void made(String typeUrl, Duration took) {}
}
