package io.flotilla.envoy;

import org.jspecify.annotations.Nullable;

/**
 * A thing that equals itself alone: the cheap part of a cache's key. Snapshots take over what a change does not touch,
 * the very same objects, so that unchanged inputs are known without a look into them. Equal inputs that are other
 * objects only cost a look into the cache behind.
 */
public final class Identity {
    private final @Nullable Object thing;

    private Identity(@Nullable Object thing) {
        this.thing = thing;
    }

    public static Identity of(@Nullable Object thing) {
        return new Identity(thing);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Identity identity && identity.thing == thing;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(thing);
    }

    @Override
    public String toString() {
        return "same " + thing;
    }
}
