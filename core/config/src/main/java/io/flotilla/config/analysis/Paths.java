package io.flotilla.config.analysis;

import io.flotilla.config.schema.FieldPath;

/** Places that many findings are about. */
public final class Paths {
    public static final FieldPath SPEC = FieldPath.ROOT.field("spec");
    public static final FieldPath METADATA = FieldPath.ROOT.field("metadata");
    public static final FieldPath LABELS = METADATA.field("labels");
    public static final FieldPath ANNOTATIONS = METADATA.field("annotations");

    private Paths() {}

    /** "spec.FIELD[INDEX]". */
    public static FieldPath item(String field, int index) {
        return SPEC.field(field).item(index);
    }
}
