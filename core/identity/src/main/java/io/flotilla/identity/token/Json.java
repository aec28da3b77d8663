package io.flotilla.identity.token;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the JSON objects of tokens and key sets, strictly. */
final class Json {
    private static final double LATEST_SECOND = 253_402_300_799d; // the end of the year 9999

    private Json() {}

    static Optional<Map<String, Object>> parse(String text) {
        return JsonReader.read(text);
    }

    static Optional<Map<String, Object>> parseBase64(String text) {
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
    static String text(Map<String, Object> object, String field) {
        return object.get(field) instanceof String text ? text : "";
    }

    static Map<String, Object> object(Map<String, Object> object, String field) {
        return object(object.get(field));
    }

    /** The members of an object; none of anything else. */
    @SuppressWarnings("unchecked") // the reader makes no other maps
    static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    static List<?> list(Map<String, Object> object, String field) {
        return object.get(field) instanceof List<?> list ? list : List.of();
    }

    /** A list of texts, or one text alone. */
    static List<String> texts(Map<String, Object> object, String field) {
        return object.get(field) instanceof String text
                ? List.of(text)
                : list(object, field).stream()
                        .map(each -> each instanceof String text ? text : "")
                        .toList();
    }

    /** A NumericDate (RFC 7519, section 2): seconds since 1970. */
    static Optional<Instant> time(Map<String, Object> object, String field) {
        return object.get(field) instanceof Double seconds && seconds >= 0 && seconds <= LATEST_SECOND
                ? Optional.of(Instant.ofEpochSecond(seconds.longValue()))
                : Optional.empty();
    }

    static boolean has(Map<String, Object> object, String field) {
        return object.containsKey(field);
    }
}
