package io.flotilla.config.analysis.reference;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** What an object names and nobody has. */
public final class ReferenceChecks {
    public static final List<Check> ALL = List.of(
            new UnknownHost(),
            new UnknownSubset(),
            new UnknownGateway(),
            new UnknownSecret(),
            new UnknownDelegate(),
            new UnknownExportNamespace(),
            new UndeclaredNamespace(),
            new UnknownConfigMap());

    private ReferenceChecks() {}
}
