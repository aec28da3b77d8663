package io.flotilla.envoy;

import java.util.function.Function;

/**
 * Remembers what was built from what. A key holds every input of the function, which sees nothing else: equal keys give
 * equal values, so a value may be shared by all views and all generations.
 */
public interface ResourceCache {
    /** The value for a key, built at most once as long as the cache keeps it. */
    <K extends Record, V> V get(K key, Function<? super K, ? extends V> build);

    /** Remembers nothing. */
    static ResourceCache none() {
        return new ResourceCache() {
            @Override
            public <K extends Record, V> V get(K key, Function<? super K, ? extends V> build) {
                return build.apply(key);
            }
        };
    }
}
