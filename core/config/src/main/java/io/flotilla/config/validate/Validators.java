package io.flotilla.config.validate;

import io.flotilla.config.model.Config;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.schema.Problems;

/** The rules of each kind. */
public final class Validators {
    private Validators() {}

    /** Adds what is wrong with an object to {@code problems}. */
    public static void validate(Config<?> config, ReadOptions options, Problems problems) {}
}
