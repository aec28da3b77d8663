package io.flotilla.bookinfo.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value (RFC 8259). Members of objects keep their order. */
public sealed interface Json {
    record Obj(Map<String, Json> members) implements Json {
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** The same object with one more member at the end. */
        public Obj with(String name, Json value) {
            Map<String, Json> more = new LinkedHashMap<>(members);
            more.put(name, value);
            return new Obj(more);
        }
    }

    record Arr(List<Json> elements) implements Json {
        public Arr {
            elements = List.copyOf(elements);
        }
    }

    record Str(String value) implements Json {}

    /** A number, as it was written. */
    record Num(String literal) implements Json {}

    record Bool(boolean value) implements Json {}

    record Null() implements Json {}

    static Json of(String value) {
        return new Str(value);
    }

    static Json of(long value) {
        return new Num(Long.toString(value));
    }

    static Json array(List<Json> items) {
        return new Arr(items);
    }

    static Obj object(String name, Json value) {
        return new Obj(Map.of(name, value));
    }

    /** What the text says, or nothing if it is not JSON. */
    static Optional<Json> parse(String text) {
        return JsonParser.parse(text);
    }

    /** The member of that name, if this is an object that has it. */
    default Optional<Json> member(String name) {
        return this instanceof Obj(Map<String, Json> members)
                ? Optional.ofNullable(members.get(name))
                : Optional.empty();
    }

    /** The items of an array; none for anything else. */
    default List<Json> items() {
        return this instanceof Arr(List<Json> list) ? list : List.of();
    }

    /** A string without quotes, anything else as JSON: for people to read. */
    default String plain() {
        return this instanceof Str(String value) ? value : text();
    }

    /** This value as JSON text. */
    default String text() {
        StringBuilder out = new StringBuilder();
        JsonWriter.write(this, out);
        return out.toString();
    }
}
