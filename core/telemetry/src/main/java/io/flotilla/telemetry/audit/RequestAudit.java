package io.flotilla.telemetry.audit;

import com.google.protobuf.util.Timestamps;
import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.DryRun;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.RequestRecord;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Which records are worth an event of the audit, and what that says. */
public final class RequestAudit {
    private RequestAudit() {}

    /** The event of a record that is kept before its request goes on. */
    public static AuditEvent before(RequestRecord record) {
        return event(record, action(record), "before-answer").build();
    }

    /**
     * The event of a record of the access log: of what was denied, of what a policy wants a record that has none yet, and
     * of what policies that are only tried would deny.
     */
    public static Optional<AuditEvent> after(RequestRecord record) {
        Decision decision = record.getDecision();
        if (!record.hasDecision() || decision.getRecorded() || goesOn(record)) {
            return Optional.empty();
        }
        boolean denied = decision.getVerdict() == Decision.Verdict.DENIED;
        if (denied || !decision.getAudited().isEmpty()) {
            return Optional.of(event(record, action(record), "access-log").build());
        }
        Optional<DryRun> tried =
                decision.getDryRunsList().stream().filter(DryRun::getDenied).findFirst();
        return tried.map(rule -> {
            AuditEvent.Builder event = event(record, what(record) + ".dry-run-denied", "access-log");
            detail(event, "tried-policy", rule.getPolicy());
            return event.build();
        });
    }

    // A connection's last record is the one that counts.
    private static boolean goesOn(RequestRecord record) {
        return record.getType() == RecordType.TCP_OPEN || record.getType() == RecordType.TCP_CONTINUE;
    }

    private static String what(RequestRecord record) {
        return record.getType() == RecordType.HTTP ? "request" : "connection";
    }

    private static String action(RequestRecord record) {
        boolean denied = record.getDecision().getVerdict() == Decision.Verdict.DENIED;
        return what(record) + (denied ? ".denied" : ".allowed");
    }

    private static AuditEvent.Builder event(RequestRecord record, String action, String recorded) {
        Decision decision = record.getDecision();
        AuditEvent.Builder event = AuditEvent.newBuilder()
                .setWhen(record.hasStart() ? record.getStart() : Timestamps.EPOCH)
                .setActor(Visible.text(actor(record)))
                .setComponent("mixer")
                .setAction(action)
                .setObject(Visible.text(workload(record.getDestination())));
        detail(event, "recorded", recorded);
        RequestKey.of(record).ifPresent(key -> detail(event, "request-key", key));
        detail(event, "policy", decision.getPolicy());
        detail(event, "denied-by", decision.getBy());
        detail(event, "audited-by", decision.getAudited());
        detail(event, "request-principal", decision.getRequestPrincipal());
        side(event, "source", record.getSource());
        side(event, "destination", record.getDestination());
        detail(event, "service", record.getService().getHost());
        detail(event, "server-name", record.getRequestedServerName());
        if (record.hasHttp()) {
            detail(event, "method", record.getHttp().getMethod());
            detail(event, "host", record.getHttp().getAuthority());
            detail(event, "path", record.getHttp().getPath());
            detail(event, "user-agent", record.getHttp().getUserAgent());
            detail(event, "request-id", record.getHttp().getRequestId());
            int code = record.getHttp().getResponseCode();
            detail(event, "response-code", code == 0 ? "" : Integer.toString(code));
        }
        if (record.getFingerprint() != 0) {
            detail(event, "fingerprint", HexFormat.of().toHexDigits(record.getFingerprint()));
        }
        return event;
    }

    private static void side(AuditEvent.Builder event, String side, Peer peer) {
        detail(event, side, peer.getWorkload().isEmpty() ? "" : workload(peer));
        detail(event, side + "-pod", peer.getPod().isEmpty() ? "" : peer.getNamespace() + "/" + peer.getPod());
        detail(event, side + "-principal", peer.getPrincipal());
        detail(event, side + "-address", peer.getAddress());
    }

    /** Who did it: the certificate's identity, else the token's, else the workload at that address, else the address. */
    private static String actor(RequestRecord record) {
        Peer source = record.getSource();
        return List.of(
                        source.getPrincipal(),
                        record.getDecision().getRequestPrincipal(),
                        source.getWorkload().isEmpty() ? "" : workload(source),
                        host(source.getAddress()))
                .stream()
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("unknown");
    }

    private static String host(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    private static String workload(Peer peer) {
        if (peer.getWorkload().isEmpty()) {
            return peer.getPrincipal().isEmpty() ? host(peer.getAddress()) : peer.getPrincipal();
        }
        return peer.getNamespace() + "/" + peer.getWorkload();
    }

    private static void detail(AuditEvent.Builder event, String name, String text) {
        if (!text.isEmpty()) {
            event.putDetails(name, Visible.text(text));
        }
    }
}
