package io.flotilla.galley.history;

import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes Galley's topics where they are missing. */
final class HistoryTopics {
    private HistoryTopics() {}

    static void ensure(Properties settings) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(settings)) {
            List<NewTopic> topics = Stream.of(Topic.values())
                    .map(topic -> new NewTopic(
                                    topic.text(),
                                    topic.partitions() == 0 ? Optional.empty() : Optional.of(topic.partitions()),
                                    Optional.<Short>empty())
                            .configs(topic.settings()))
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
}
