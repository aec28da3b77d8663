package io.flotilla.config.derive;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.platform.Manifest;
import java.util.Optional;

/** Objects in force, by key. */
@FunctionalInterface
public interface Lookup {
    Optional<Config<?>> object(ObjectKey key);

    /** A manifest of Kubernetes, in the local cluster. */
    default Optional<Manifest> manifest(Kind kind, String namespace, String name) {
        return object(ObjectKey.of(kind, namespace, name))
                .filter(config -> config.spec() instanceof Struct)
                .map(config -> new Manifest((Struct) config.spec()));
    }
}
