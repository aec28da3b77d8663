package io.flotilla.config.analysis;

import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;

/** Where the fields of objects stand. */
@FunctionalInterface
public interface Positions {
    /** Knows only where objects begin. */
    Positions OF_OBJECTS = (config, at) -> config.origin().line();

    /** The line of a field, or of the nearest place around it; 0 where the source has no lines. */
    int line(Config<?> config, FieldPath at);

    /** Whether a field is written at all; true where nobody can tell. */
    default boolean written(Config<?> config, String... path) {
        return true;
    }
}
