package io.flotilla.policy;

import io.flotilla.config.analysis.Positions;
import io.flotilla.config.model.Clause;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.schema.FieldPath;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Where clauses are written: file and line. */
public final class Places {
    private final Map<ObjectKey, Config<?>> objects = new HashMap<>();
    private final Positions positions;

    /** Of objects as they were written. */
    public Places(Collection<? extends Config<?>> objects, Positions positions) {
        objects.forEach(object -> this.objects.put(object.key(), object));
        this.positions = positions;
    }

    /** {@link Origin#NONE} for an object that is not among these. */
    public Origin of(Clause clause) {
        Config<?> found = objects.get(clause.object());
        return found == null
                ? Origin.NONE
                : new Origin(found.origin().file(), positions.line(found, FieldPath.parse(clause.path())));
    }
}
