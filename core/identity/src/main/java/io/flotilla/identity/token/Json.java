package io.flotilla.identity.token;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads the JSON objects of tokens and key sets, by way of google.protobuf.Struct. */
final class Json {
    private static final double LATEST_SECOND = 253_402_300_799d; // the end of the year 9999

    private Json() {}

    static Optional<Struct> parse(String text) {
        Struct.Builder object = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(text, object);
            return Optional.of(object.build());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<Struct> parseBase64(String text) {
        return base64(text).flatMap(Json::utf8).flatMap(Json::parse);
    }

    /** Base64url without padding (RFC 7515, section 2). */
    static Optional<byte[]> base64(String text) {
        if (text.indexOf('=') >= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The text of a field, empty where it is absent or no text. */
    static String text(Struct object, String field) {
        return value(object, field).getStringValue();
    }

    static Struct object(Struct object, String field) {
        return value(object, field).getStructValue();
    }

    static List<Value> list(Struct object, String field) {
        return value(object, field).getListValue().getValuesList();
    }

    /** A list of texts, or one text alone. */
    static List<String> texts(Struct object, String field) {
        Value value = value(object, field);
        return value.hasStringValue()
                ? List.of(value.getStringValue())
                : list(object, field).stream().map(Value::getStringValue).toList();
    }

    /** A NumericDate (RFC 7519, section 2): seconds since 1970. */
    static Optional<Instant> time(Struct object, String field) {
        Value value = value(object, field);
        double seconds = value.getNumberValue();
        return value.hasNumberValue() && seconds >= 0 && seconds <= LATEST_SECOND
                ? Optional.of(Instant.ofEpochSecond((long) seconds))
                : Optional.empty();
    }

    static boolean has(Struct object, String field) {
        return object.containsFields(field);
    }

    private static Value value(Struct object, String field) {
        return object.getFieldsOrDefault(field, Value.getDefaultInstance());
    }
}
