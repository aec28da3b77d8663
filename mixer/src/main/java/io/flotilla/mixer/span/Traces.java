package io.flotilla.mixer.span;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Zipkin v2 spans, by trace. */
final class Traces {
    private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{16}([0-9a-f]{16})?");
    private static final Pattern SPAN_ID = Pattern.compile("[0-9a-f]{16}");

    /** What a body holds. */
    sealed interface Body {
        /** Spans by trace id, in order of appearance. */
        record Spans(Map<String, JsonArray> byTrace) implements Body {}

        /** It is no list of spans, and why. */
        record Malformed(String reason) implements Body {}
    }

    private Traces() {}

    static Body parse(Buffer body) {
        try {
            Map<String, JsonArray> byTrace = new LinkedHashMap<>();
            int index = 0;
            for (Object item : new JsonArray(body)) {
                if (!(item instanceof JsonObject span)) {
                    return new Body.Malformed("[" + index + "] is no object");
                }
                String trace = String.valueOf(span.getValue("traceId"));
                if (!TRACE_ID.matcher(trace).matches()) {
                    return new Body.Malformed("[" + index + "].traceId is not 16 or 32 lower-case hexadecimal digits");
                }
                if (!SPAN_ID.matcher(String.valueOf(span.getValue("id"))).matches()) {
                    return new Body.Malformed("[" + index + "].id is not 16 lower-case hexadecimal digits");
                }
                byTrace.computeIfAbsent(trace, id -> new JsonArray()).add(span);
                index++;
            }
            return new Body.Spans(byTrace);
        } catch (DecodeException e) {
            return new Body.Malformed("no JSON list: " + e.getMessage());
        }
    }
}
