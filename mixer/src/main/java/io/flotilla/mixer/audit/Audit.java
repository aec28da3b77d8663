package io.flotilla.mixer.audit;

import io.flotilla.mixer.MixerConfig;
import io.flotilla.service.kafka.KafkaTarget;
import io.flotilla.service.outbox.Outbox;
import io.flotilla.service.outbox.OutboxSender;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.NewTopic;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The audit of this process: the trail, and the outbox that is carried to Kafka when that is back. */
@ApplicationScoped
public class Audit {
    private static final Logger LOG = Logger.getLogger(Audit.class);

    private final @Nullable Outbox disk;
    private final @Nullable OutboxSender sender;
    private final AuditTrail trail;

    Audit(@Identifier("default-kafka-broker") Map<String, Object> kafka, MixerConfig config) {
        MixerConfig.Audit settings = config.telemetry().audit();
        Optional<Path> folder = settings.whenKafkaIsAway() == MixerConfig.WhenAway.SPOOL
                ? settings.outboxDir().filter(text -> !text.isBlank()).map(Path::of)
                : Optional.empty();
        disk = folder.map(path -> open(path, settings)).orElse(null);
        sender = disk == null
                ? null
                : new OutboxSender(
                        "the audit of requests",
                        disk,
                        new KafkaTarget(
                                String.valueOf(kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)),
                                "mixer-audit",
                                List.of(new NewTopic(
                                        AuditTrail.TOPIC,
                                        Optional.of(config.telemetry().partitions()),
                                        Optional.empty()))));
        trail = new AuditTrail(
                new KafkaConfirmed(kafka, AuditTrail.TOPIC, settings.patience()),
                away(settings.whenKafkaIsAway(), disk),
                new AuditTrail.Limits(
                        settings.atOnce(),
                        Math.toIntExact(Math.max(1, part(settings.atOnce(), settings))),
                        settings.patience()),
                System::nanoTime);
    }

    private static AuditTrail.Away away(MixerConfig.WhenAway asked, @Nullable Outbox disk) {
        return switch (asked) {
            case PERMIT -> new AuditTrail.Away.Permit();
            case REFUSE -> new AuditTrail.Away.Refuse();
            case SPOOL -> disk == null ? new AuditTrail.Away.Refuse() : new AuditTrail.Away.Spool(disk);
        };
    }

    private static long part(long whole, MixerConfig.Audit settings) {
        return whole / 100 * Math.clamp(settings.callerPercent(), 1, 100)
                + whole % 100 * Math.clamp(settings.callerPercent(), 1, 100) / 100;
    }

    private static Outbox open(Path folder, MixerConfig.Audit settings) {
        try {
            long cap = settings.outboxBytes();
            return new Outbox(folder, new Outbox.Limits(cap, part(cap, settings), Callers::of), LOG::warn);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder + " as outbox of the audit", e);
        }
    }

    /** Begins to carry what waits. */
    public void start() {
        if (sender != null) {
            sender.start();
        }
    }

    public AuditTrail trail() {
        return trail;
    }

    /** Bytes on disk that wait for Kafka. */
    public long waiting() {
        return disk == null ? 0 : disk.bytes();
    }

    /** How often the disk was made to have what waits. */
    public long forces() {
        return disk == null ? 0 : disk.forces();
    }

    /** Ends; what waits on disk waits for the next start. */
    public void stop() {
        trail.close();
        if (sender != null) {
            sender.close();
        }
        if (disk != null) {
            try {
                disk.close();
            } catch (IOException e) {
                LOG.warnf("the outbox of the audit: %s", e.getMessage());
            }
        }
    }
}
