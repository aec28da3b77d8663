package io.flotilla.config.analysis.hygiene;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** Forms. */
public final class HygieneChecks {
    public static final List<Check> ALL =
            List.of(new DeprecatedFields(), new DeprecatedKinds(), new AnnotationChecks());

    private HygieneChecks() {}
}
