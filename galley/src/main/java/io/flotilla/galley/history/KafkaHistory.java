package io.flotilla.galley.history;

import io.flotilla.discovery.View;
import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import io.flotilla.service.kafka.KafkaTarget;
import io.flotilla.service.outbox.Outbox;
import io.flotilla.service.outbox.OutboxRecord;
import io.flotilla.service.outbox.OutboxSender;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Puts what was accepted into the outbox, from where it goes to Kafka. Off without "kafka.bootstrap.servers". What an
 * earlier run held is no change: that run has put it there.
 */
@ApplicationScoped
public class KafkaHistory implements PublishListener {
    private static final Logger LOG = Logger.getLogger(KafkaHistory.class);
    private static final int FIRST = -10;

    private final Optional<String> bootstrapServers;
    private final Optional<Path> folder;
    private final long capBytes;
    private final MeterRegistry metrics;
    private final Changes changes = new Changes(UUID.randomUUID().toString());
    private @Nullable Outbox outbox;
    private @Nullable OutboxSender sender;
    private @Nullable View before;

    KafkaHistory(
            @ConfigProperty(name = "kafka.bootstrap.servers") Optional<String> bootstrapServers,
            @ConfigProperty(name = "flotilla.state-dir") Optional<String> state,
            @ConfigProperty(name = "flotilla.outbox-dir") Optional<String> outbox,
            @ConfigProperty(name = "flotilla.outbox-bytes", defaultValue = "1073741824") long capBytes,
            MeterRegistry metrics) {
        this.bootstrapServers = bootstrapServers.filter(text -> !text.isBlank());
        this.folder = outbox.filter(text -> !text.isBlank())
                .map(Path::of)
                .or(() -> state.filter(text -> !text.isBlank()).map(text -> Path.of(text, "outbox")));
        this.capBytes = capBytes;
        this.metrics = metrics;
    }

    /** Before the sources begin to tell. */
    void start(@Observes @Priority(1) StartupEvent event) {
        if (bootstrapServers.isEmpty()) {
            return;
        }
        Path path = folder.orElseThrow(() -> new IllegalStateException(
                "kafka.bootstrap.servers is set but there is no folder for what waits for Kafka: set"
                        + " flotilla.outbox-dir (FLOTILLA_OUTBOX_DIR) or flotilla.state-dir"));
        try {
            Outbox opened = new Outbox(path, capBytes, LOG::warn);
            outbox = opened;
            OutboxSender carrier = new OutboxSender(
                    "the history of configuration",
                    opened,
                    new KafkaTarget(bootstrapServers.get(), "galley", Topic.all()));
            sender = carrier;
            carrier.start();
            Gauge.builder("galley.history.outbox", opened, Outbox::bytes)
                    .baseUnit("bytes")
                    .description("what waits for Kafka")
                    .register(metrics);
            FunctionCounter.builder("galley.history.dropped", opened, Outbox::dropped)
                    .description("records that found the outbox full")
                    .register(metrics);
            FunctionCounter.builder("galley.history.written", carrier, OutboxSender::written)
                    .description("records that Kafka has confirmed")
                    .register(metrics);
            Gauge.builder("galley.history.away", carrier, each -> each.away() ? 1 : 0)
                    .description("1 while Kafka takes nothing")
                    .register(metrics);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + path + " as outbox", e);
        }
    }

    @Override
    public void published(Publisher.Outcome outcome) {
        Outbox open = outbox;
        View last = before;
        before = outcome.held().view();
        if (open == null) {
            return;
        }
        boolean earlierRun =
                last == null && outcome.held().servable() && !outcome.held().complete();
        if (earlierRun) {
            return;
        }
        List<OutboxRecord> records = changes.records(last, outcome);
        if (!records.isEmpty()) {
            try {
                open.add(records);
            } catch (IOException e) {
                LOG.errorf(
                        "%d records of generation %s are lost to the history: %s",
                        records.size(), outcome.held().view().generation(), e);
            }
        }
    }

    /** Before the state is kept: what is kept is in the outbox. */
    @Override
    public int order() {
        return FIRST;
    }

    @PreDestroy
    void close() throws IOException, InterruptedException {
        OutboxSender carrier = sender;
        if (carrier != null) {
            carrier.close();
        }
        Outbox open = outbox;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public String toString() {
        return "the history for Kafka";
    }
}
