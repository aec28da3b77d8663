package io.flotilla.bookinfo.json;

import java.util.List;
import java.util.Map;

/** Writes JSON without blanks. */
final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private JsonWriter() {}

    static void write(Json json, StringBuilder out) {
        switch (json) {
            case Json.Obj(Map<String, Json> members) -> object(members, out);
            case Json.Arr(List<Json> elements) -> array(elements, out);
            case Json.Str(String value) -> string(value, out);
            case Json.Num(String literal) -> out.append(literal);
            case Json.Bool(boolean value) -> out.append(value);
            case Json.Null() -> out.append("null");
        }
    }

    private static void object(Map<String, Json> members, StringBuilder out) {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Json> member : members.entrySet()) {
            out.append(separator);
            string(member.getKey(), out);
            out.append(':');
            write(member.getValue(), out);
            separator = ",";
        }
        out.append('}');
    }

    private static void array(List<Json> elements, StringBuilder out) {
        out.append('[');
        String separator = "";
        for (Json element : elements) {
            out.append(separator);
            write(element, out);
            separator = ",";
        }
        out.append(']');
    }

    private static void string(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
