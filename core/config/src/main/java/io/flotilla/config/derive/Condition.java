package io.flotilla.config.derive;

import com.google.protobuf.Struct;

/**
 * A condition of a status.
 *
 * @param type    "Accepted"
 * @param holds   status True, else False
 * @param reason  one word
 * @param message lower case, no full stop; empty where the reason says all
 */
public record Condition(String type, boolean holds, String reason, String message) {
    /** It holds, and the reason is its own name. */
    public static Condition yes(String type) {
        return new Condition(type, true, type, "");
    }

    public static Condition no(String type, String reason, String message) {
        return new Condition(type, false, reason, message);
    }

    /** As written into a status. */
    public Struct json() {
        return new Json()
                .put("type", type)
                .put("status", holds ? "True" : "False")
                .put("reason", reason)
                .put("message", message)
                .build();
    }
}
