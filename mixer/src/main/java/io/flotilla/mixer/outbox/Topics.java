package io.flotilla.mixer.outbox;

import io.flotilla.mixer.MixerConfig;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/** Makes Mixer's topics where they are missing, trying until Kafka is there. */
@ApplicationScoped
public class Topics {
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final Logger LOG = Logger.getLogger(Topics.class);

    private final Map<String, Object> kafka;
    private final int partitions;
    private volatile boolean ready;

    Topics(@Identifier("default-kafka-broker") Map<String, Object> kafka, MixerConfig config) {
        this.kafka = kafka;
        this.partitions = config.telemetry().partitions();
    }

    /** They are there. */
    public boolean ready() {
        return ready;
    }

    /** Begins, on a thread of its own. */
    public void ensure(List<String> names) {
        Thread.ofVirtual().name("topics").start(() -> run(names));
    }

    private void run(List<String> names) {
        boolean told = false;
        while (!ready) {
            try {
                create(names);
                ready = true;
            } catch (ExecutionException | RuntimeException e) {
                if (!told) {
                    LOG.warnf("Kafka is away, records wait: %s", e.getMessage());
                    told = true;
                }
                if (!sleep()) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
        LOG.infof("topics %s are there", names);
    }

    private void create(List<String> names) throws ExecutionException, InterruptedException {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        settings.keySet().retainAll(AdminClientConfig.configNames());
        try (Admin admin = Admin.create(settings)) {
            // The broker's own default number of replicas.
            List<NewTopic> topics = names.stream()
                    .map(name -> new NewTopic(name, Optional.of(partitions), Optional.empty()))
                    .toList();
            for (var created : admin.createTopics(topics).values().values()) {
                try {
                    created.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                }
            }
        }
    }

    private static boolean sleep() {
        try {
            Thread.sleep(RETRY);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
