package io.flotilla.mixer;

import io.flotilla.fixtures.base.FreePort;
import io.flotilla.fixtures.kafka.KafkaBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** A broker beside the service, and free ports for it. */
public class BrokerResource implements QuarkusTestResourceLifecycleManager {
    private final KafkaBroker broker =
            new KafkaBroker(Path.of("target", "kafka-" + UUID.randomUUID()).toAbsolutePath());
    private boolean running = true;

    @Override
    public void init(Map<String, String> arguments) {
        running = !"false".equals(arguments.get("running"));
    }

    @Override
    public Map<String, String> start() {
        if (running) {
            broker.start();
        }
        return Map.of(
                "kafka.bootstrap.servers",
                broker.bootstrapServers(),
                "flotilla.port",
                "0",
                "flotilla.zipkin-port",
                Integer.toString(FreePort.next()),
                "flotilla.metrics-port",
                "0",
                "flotilla.mixer.audit.outbox-dir",
                Path.of("target", "outbox-" + UUID.randomUUID())
                        .toAbsolutePath()
                        .toString());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(broker, new TestInjector.MatchesType(KafkaBroker.class));
    }

    @Override
    public void stop() {
        broker.close();
    }
}
