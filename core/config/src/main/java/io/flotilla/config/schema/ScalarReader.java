package io.flotilla.config.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.flotilla.config.yaml.YamlNode;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads single values: text, numbers, truth values, enums by name, bytes in base 64. */
final class ScalarReader {
    private static final BigInteger UNSIGNED_INT = BigInteger.valueOf(0xFFFF_FFFFL);
    private static final BigInteger UNSIGNED_LONG = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private static final Set<String> YES = Set.of("yes", "Yes", "YES", "on", "On", "ON");
    private static final Set<String> NO = Set.of("no", "No", "NO", "off", "Off", "OFF");

    private final Problems problems;

    ScalarReader(Problems problems) {
        this.problems = problems;
    }

    Optional<Object> read(FieldDescriptor field, YamlNode node, FieldPath at) {
        return switch (field.getType()) {
            case STRING -> text(node, at).map(text -> text);
            case BYTES -> bytes(node, at).map(bytes -> bytes);
            case BOOL -> bool(node, at).map(bool -> bool);
            case ENUM -> enumValue(field, node, at).map(value -> value);
            case DOUBLE -> real(node, at).map(number -> number);
            case FLOAT -> real(node, at).map(Double::floatValue);
            case INT32, SINT32, SFIXED32 ->
                whole(node, at, BigInteger.valueOf(Integer.MIN_VALUE), BigInteger.valueOf(Integer.MAX_VALUE))
                        .map(BigInteger::intValue);
            case UINT32, FIXED32 ->
                whole(node, at, BigInteger.ZERO, UNSIGNED_INT).map(BigInteger::intValue);
            case INT64, SINT64, SFIXED64 ->
                whole(node, at, BigInteger.valueOf(Long.MIN_VALUE), BigInteger.valueOf(Long.MAX_VALUE))
                        .map(BigInteger::longValue);
            case UINT64, FIXED64 ->
                whole(node, at, BigInteger.ZERO, UNSIGNED_LONG).map(BigInteger::longValue);
            case MESSAGE, GROUP -> throw new IllegalArgumentException(field.getFullName() + " is a message");
        };
    }

    Optional<String> text(YamlNode node, FieldPath at) {
        if (node instanceof YamlNode.Text text) {
            return Optional.of(text.value());
        }
        boolean quotable = node instanceof YamlNode.Numeric || node instanceof YamlNode.Bool;
        String hint = quotable ? "; put it in quotes" : "";
        problems.error("FL0011", at, "needs a string, not a " + node.typeName() + hint);
        return Optional.empty();
    }

    Optional<Boolean> bool(YamlNode node, FieldPath at) {
        if (node instanceof YamlNode.Bool bool) {
            return Optional.of(bool.value());
        }
        if (node instanceof YamlNode.Text text && text.plain()) {
            // YAML 1.1, which Kubernetes' tools read, has more words for it.
            boolean yes = YES.contains(text.value());
            if (yes || NO.contains(text.value())) {
                return Optional.of(yes);
            }
        }
        problems.error("FL0011", at, "needs true or false, not a " + node.typeName());
        return Optional.empty();
    }

    private Optional<ByteString> bytes(YamlNode node, FieldPath at) {
        return text(node, at).flatMap(text -> {
            try {
                String standard = text.replace('-', '+').replace('_', '/').replaceAll("\\s", "");
                return Optional.of(ByteString.copyFrom(Base64.getDecoder().decode(standard)));
            } catch (IllegalArgumentException e) {
                problems.error("FL0012", at, "is not base64");
                return Optional.empty();
            }
        });
    }

    private Optional<EnumValueDescriptor> enumValue(FieldDescriptor field, YamlNode node, FieldPath at) {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        List<String> names = values.stream().map(EnumValueDescriptor::getName).toList();
        if (node instanceof YamlNode.Text text) {
            EnumValueDescriptor value = field.getEnumType().findValueByName(text.value());
            if (value == null) {
                problems.error(
                        "FL0012",
                        at,
                        "unknown value \"" + text.value() + "\"" + Spelling.suggestion(text.value(), names)
                                + "; one of " + String.join(", ", names));
            }
            return Optional.ofNullable(value);
        }
        if (node instanceof YamlNode.Numeric) {
            Optional<EnumValueDescriptor> value = Numbers.whole(node)
                    .flatMap(number -> values.stream()
                            .filter(each -> number.equals(BigInteger.valueOf(each.getNumber())))
                            .findFirst());
            if (value.isEmpty()) {
                problems.error("FL0012", at, "unknown number of an enum; one of " + String.join(", ", names));
            }
            return value;
        }
        problems.error("FL0011", at, "needs one of " + String.join(", ", names) + ", not a " + node.typeName());
        return Optional.empty();
    }

    Optional<Double> real(YamlNode node, FieldPath at) {
        Optional<Double> number = Numbers.real(node);
        if (number.isEmpty()) {
            problems.error("FL0011", at, "needs a number, not a " + node.typeName());
        }
        return number;
    }

    private Optional<BigInteger> whole(YamlNode node, FieldPath at, BigInteger least, BigInteger most) {
        Optional<BigInteger> number = Numbers.whole(node);
        if (number.isEmpty()) {
            String found = node instanceof YamlNode.Numeric numeric ? numeric.value() : "a " + node.typeName();
            problems.error("FL0011", at, "needs a whole number, not " + found);
            return number;
        }
        if (number.get().compareTo(least) < 0 || number.get().compareTo(most) > 0) {
            problems.error("FL0014", at, "must be between " + least + " and " + most + ", not " + number.get());
            return Optional.empty();
        }
        return number;
    }
}
