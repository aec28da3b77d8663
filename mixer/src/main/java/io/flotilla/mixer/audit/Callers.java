package io.flotilla.mixer.audit;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.service.outbox.OutboxRecord;
import java.util.List;

/** On whose account an event goes, where room is shared. */
final class Callers {
    /** What tells who called, so that nobody can make up any number of names. */
    private static final List<String> NAMES = List.of("source-principal", "request-principal", "source");

    private Callers() {}

    /** The caller, where something says who that is; all others on the account of the workload that they call. */
    static String of(AuditEvent event) {
        for (String name : NAMES) {
            String text = event.getDetailsOrDefault(name, "");
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "of " + event.getObject();
    }

    /** Of an event that waits. */
    static String of(OutboxRecord record) {
        try {
            return record.value() == null ? "" : of(AuditEvent.parseFrom(record.value()));
        } catch (InvalidProtocolBufferException e) {
            return "";
        }
    }
}
