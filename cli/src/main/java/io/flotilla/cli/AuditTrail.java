package io.flotilla.cli;

import com.google.protobuf.util.Timestamps;
import io.flotilla.api.events.v1.AuditEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Who did what and when: the events that somebody asks for, each once, in the order of their times. */
final class AuditTrail {
    /** The same for all events of one request at one proxy (docs/audit.md). */
    private static final String KEY = "request-key";

    private final Instant since;
    private final Wanted wanted;
    private final Set<Object> met = new HashSet<>();
    private final List<AuditEvent> events = new ArrayList<>();

    /**
     * Parts of what an event says, in any case of letters; empty for all.
     *
     * @param object what was done to, or called
     */
    record Wanted(String actor, String action, String object) {
        boolean has(AuditEvent event) {
            return isIn(event.getActor(), actor) && isIn(event.getAction(), action) && isIn(event.getObject(), object);
        }

        private static boolean isIn(String text, String part) {
            return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
        }
    }

    AuditTrail(Instant since, Wanted wanted) {
        this.since = since;
        this.wanted = wanted;
    }

    // Kafka may have got an event long after it happened.
    void take(AuditEvent event) {
        if (when(event).isBefore(since) || !wanted.has(event)) {
            return;
        }
        // Whoever writes one, and does not hear that Kafka has it, writes it again.
        String key = event.getDetailsOrDefault(KEY, "");
        if (met.add(key.isEmpty() ? event : key + " " + event.getAction())) {
            events.add(event);
        }
    }

    List<AuditEvent> events() {
        return events.stream().sorted(Comparator.comparing(AuditTrail::when)).toList();
    }

    static Instant when(AuditEvent event) {
        return Instant.ofEpochSecond(0, Timestamps.toNanos(event.getWhen()));
    }
}
