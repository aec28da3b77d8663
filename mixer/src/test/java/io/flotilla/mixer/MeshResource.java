package io.flotilla.mixer;

import io.flotilla.fixtures.base.FreePort;
import io.flotilla.fixtures.kafka.KafkaBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * A broker beside the service, and where it looks for Citadel and Galley. The test starts these itself, later: Mixer
 * waits for them.
 */
public class MeshResource implements QuarkusTestResourceLifecycleManager {
    private final Path folder = Path.of("target", "mesh-" + UUID.randomUUID()).toAbsolutePath();
    private final KafkaBroker broker = new KafkaBroker(folder);

    @Override
    public Map<String, String> start() {
        broker.start();
        return Map.of(
                "flotilla.mixer.proxy-stats-port",
                Integer.toString(FreePort.next()),
                "flotilla.mixer.proxy-stats-interval",
                "100ms",
                "kafka.bootstrap.servers",
                broker.bootstrapServers(),
                "flotilla.port",
                "0",
                "flotilla.zipkin-port",
                Integer.toString(FreePort.next()),
                "flotilla.metrics-port",
                "0",
                "flotilla.config",
                "xds://127.0.0.1:" + FreePort.next(),
                "flotilla.identity.citadel",
                "127.0.0.1:" + FreePort.next(),
                "flotilla.identity.token-file",
                folder.resolve("token").toString(),
                "flotilla.identity.root-file",
                folder.resolve("root-cert.pem").toString());
    }

    @Override
    public void stop() {
        broker.close();
    }
}
