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
            new UnenforcedRules(),
            new Quotas(),
            new ApiBindings(),
            new PolicyTargets());

    /** The code of rules of Mixer that are kept and not carried out. */
    public static final String UNENFORCED = UnenforcedRules.ENTRY.code();

    private ClassicChecks() {}
}
