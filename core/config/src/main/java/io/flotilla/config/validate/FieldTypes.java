package io.flotilla.config.validate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.flotilla.config.expression.ExpressionType;
import io.flotilla.config.expression.Vocabulary;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which type an expression for a field of a template must have. */
final class FieldTypes {
    private FieldTypes() {}

    /** Empty for a field that takes any. */
    static Optional<ExpressionType> of(FieldDescriptor field) {
        if (field.isMapField()) {
            return Optional.of(ExpressionType.STRING_MAP);
        }
        return switch (field.getJavaType()) {
            case STRING, ENUM, BYTE_STRING -> Optional.of(ExpressionType.STRING);
            case INT, LONG -> Optional.of(ExpressionType.INT64);
            case FLOAT, DOUBLE -> Optional.of(ExpressionType.DOUBLE);
            case BOOLEAN -> Optional.of(ExpressionType.BOOL);
            case MESSAGE ->
                switch (field.getMessageType().getName()) {
                    case "IPAddress" -> Optional.of(ExpressionType.IP_ADDRESS);
                    case "TimeStamp" -> Optional.of(ExpressionType.TIMESTAMP);
                    case "Duration" -> Optional.of(ExpressionType.DURATION);
                    case "DNSName" -> Optional.of(ExpressionType.DNS_NAME);
                    case "Uri" -> Optional.of(ExpressionType.URI);
                    case "EmailAddress" -> Optional.of(ExpressionType.EMAIL_ADDRESS);
                    default -> Optional.empty();
                };
        };
    }

    /** What an adapter puts out, as "$out.NAME", with the attributes of the request. */
    static Vocabulary outputs(Descriptor output, Vocabulary attributes) {
        Map<String, ExpressionType> types = new TreeMap<>();
        output.getFields().forEach(field -> of(field).ifPresent(type -> types.put("$out." + field.getName(), type)));
        return attributes.with(types);
    }
}
