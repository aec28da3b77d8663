package io.flotilla.service.kafka;

import java.util.Collection;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Topics, made where they are missing; others may make the same. */
final class Topics {
    private Topics() {}

    static void ensure(Properties settings, Collection<NewTopic> topics)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(settings)) {
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
