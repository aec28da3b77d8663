package io.flotilla.citadel.audit;

import com.google.protobuf.util.Timestamps;
import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.citadel.sign.Journal;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.issue.Caller;
import io.flotilla.service.kafka.KafkaTarget;
import io.flotilla.service.outbox.Outbox;
import io.flotilla.service.outbox.OutboxRecord;
import io.flotilla.service.outbox.OutboxSender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.jboss.logging.Logger;

/**
 * Events of {@code flotilla.audit}: each certificate that was issued, who was refused one, and what operators did. An
 * event is in a file before its outcome is answered; Kafka has it when it can. No key material is ever in one.
 */
public final class AuditTrail implements Journal, Acts, AutoCloseable {
    private static final Logger LOG = Logger.getLogger("citadel");

    // Galley writes it too.
    private static final NewTopic TOPIC = new NewTopic("flotilla.audit", Optional.empty(), Optional.empty());

    private final Outbox outbox;
    private final OutboxSender sender;
    private final Clock clock;
    private final Repeats repeats = new Repeats();

    private AuditTrail(Outbox outbox, OutboxSender sender, Clock clock) {
        this.outbox = outbox;
        this.sender = sender;
        this.clock = clock;
    }

    /**
     * Begins to carry what waits in the folder.
     *
     * @param capBytes most that waits
     */
    public static AuditTrail start(Path folder, long capBytes, String bootstrapServers, Clock clock) {
        try {
            Outbox outbox = new Outbox(folder, capBytes, LOG::warn);
            OutboxSender sender = new OutboxSender(
                    "the audit of certificates", outbox, new KafkaTarget(bootstrapServers, "citadel", List.of(TOPIC)));
            sender.start();
            return new AuditTrail(outbox, sender, clock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder + " as outbox", e);
        }
    }

    @Override
    public void outcome(Caller caller, SpiffeId id, Signer.Outcome outcome) {
        switch (outcome) {
            case Signer.Outcome.Issued issued -> issued(caller, id, issued.leaf());
            case Signer.Outcome.Refused refused -> refused(caller, id, outcome);
            case Signer.Outcome.Unclaimed used -> refused(caller, id, outcome);
            case Signer.Outcome.Limited limited -> refused(caller, id, outcome);
            case Signer.Outcome.Unavailable away -> refused(caller, id, outcome);
        }
    }

    private void issued(Caller caller, SpiffeId id, X509Certificate leaf) {
        act(
                caller,
                "certificate.issued",
                id.uri(),
                Map.of(
                        "serial", Certificates.serialOf(leaf),
                        "not-before", leaf.getNotBefore().toInstant().toString(),
                        "not-after", leaf.getNotAfter().toInstant().toString()));
    }

    private void refused(Caller caller, SpiffeId id, Signer.Outcome outcome) {
        // One who is refused may ask again as fast as it likes.
        repeats.tell(id.uri() + outcome.getClass().getSimpleName(), clock.instant())
                .ifPresent(before -> act(
                        caller,
                        "certificate.refused",
                        id.uri(),
                        Map.of("reason", outcome.problem(), "refused-before", Long.toString(before))));
    }

    @Override
    public void act(Caller caller, String action, String object, Map<String, String> details) {
        String actor = caller.account().toString();
        Map<String, String> all = new TreeMap<>(details);
        all.put("caller", caller.by());
        AuditEvent event = AuditEvent.newBuilder()
                .setWhen(Timestamps.fromMillis(clock.millis()))
                .setActor(actor)
                .setComponent("citadel")
                .setAction(action)
                .setObject(object)
                .putAllDetails(all)
                .build();
        try {
            outbox.add(List.of(new OutboxRecord(TOPIC.name(), actor, event.toByteString())));
        } catch (IOException e) {
            LOG.errorf("%s of %s by %s is lost to the audit: %s", action, object, actor, e);
        }
    }

    /** Bytes that wait for Kafka. */
    public long waiting() {
        return outbox.bytes();
    }

    /** Events that found the outbox full. */
    public long dropped() {
        return outbox.dropped();
    }

    @Override
    public void close() {
        sender.close();
        try {
            outbox.close();
        } catch (IOException e) {
            LOG.warnf("the outbox: %s", e.getMessage());
        }
    }
}
