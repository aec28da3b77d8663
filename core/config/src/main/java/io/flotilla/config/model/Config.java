package io.flotilla.config.model;

import com.google.protobuf.Message;
import java.time.Instant;
import java.util.Map;

/**
 * One accepted object of configuration, in the hub version of its kind.
 *
 * @param <T> the protobuf message of its spec
 * @param key         its name
 * @param spec        its content
 * @param labels      sorted
 * @param annotations sorted
 * @param created     when it was made; EPOCH where unknown
 * @param version     a hash of its content: equal content has equal version
 * @param origin      where it was written
 */
public record Config<T extends Message>(
        ObjectKey key,
        T spec,
        Map<String, String> labels,
        Map<String, String> annotations,
        Instant created,
        String version,
        Origin origin) {
    public String namespace() {
        return key.namespace();
    }

    public String name() {
        return key.name();
    }
}
