package io.flotilla.config.analysis.classic;

import io.flotilla.config.analysis.Check;
import java.util.List;

/** Kinds that only Istio 1.1 has. */
public final class ClassicChecks {
    public static final List<Check> ALL = List.of(
            new RoleServices(),
            new RoleBindings(),
            new RbacOff(),
            new MixerReferences(),
            new MixerFit(),
            new MixerAttributes(),
            new Quotas(),
            new ApiBindings(),
            new PolicyTargets());

    private ClassicChecks() {}
}
