package io.flotilla.config.validate;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.Value.KindCase;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A field of a manifest, with its place: asked for as a type, it reports when it has another.
 *
 * @param value what is there; absent and null are the same
 * @param at    its place
 */
record ManifestField(Value value, FieldPath at, Check check) {
    private static final String CODE = "FL0011";

    static ManifestField root(Struct manifest, Check check) {
        return new ManifestField(Value.newBuilder().setStructValue(manifest).build(), FieldPath.ROOT, check);
    }

    ManifestField field(String name) {
        return new ManifestField(
                value.getStructValue().getFieldsOrDefault(name, Value.getDefaultInstance()), at.field(name), check);
    }

    boolean present() {
        return value.getKindCase() != KindCase.KIND_NOT_SET && !value.hasNullValue();
    }

    /** The mapping that must be there. */
    ManifestField required() {
        if (!present()) {
            check.error("FL0009", at, "is required");
        } else if (!value.hasStructValue()) {
            wrong("a mapping");
        }
        return this;
    }

    Optional<String> text() {
        if (present() && !value.hasStringValue()) {
            wrong(value.hasNumberValue() || value.hasBoolValue() ? "a string (put it in quotes)" : "a string");
        }
        return value.hasStringValue() ? Optional.of(value.getStringValue()) : Optional.empty();
    }

    Optional<Integer> number() {
        if (!present()) {
            return Optional.empty();
        }
        double number = value.getNumberValue();
        if (!value.hasNumberValue() || number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
            wrong("a whole number");
            return Optional.empty();
        }
        return Optional.of((int) number);
    }

    List<ManifestField> items() {
        if (present() && !value.hasListValue()) {
            wrong("a list");
        }
        List<ManifestField> items = new ArrayList<>();
        for (int i = 0; i < value.getListValue().getValuesCount(); i++) {
            items.add(new ManifestField(value.getListValue().getValues(i), at.item(i), check));
        }
        return items;
    }

    /** A mapping of texts, as selectors and labels are. */
    void texts() {
        if (present() && !value.hasStructValue()) {
            wrong("a mapping");
        }
        value.getStructValue().getFieldsMap().keySet().forEach(key -> field(key).text());
    }

    private void wrong(String expected) {
        check.error(CODE, at, "needs " + expected);
    }
}
