package io.flotilla.mesh.component;

import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.process.ProcessSpec;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The mesh's own Kafka: one node, broker and controller in one, on loopback. */
public final class KafkaBroker {
    public static final String NAME = "kafka";

    /** For clients on the host, where the mesh has a network of its own; they see another port number there. */
    public static final int FOR_HOST = 19092;

    private static final int CONTROLLER = 19093;
    /** Among a mesh's ports: the broker's own, which nobody else calls. */
    public static final String CONTROLLER_PORT = "kafka-controller";

    private static final int HEAP_MEGABYTES = 256;

    private KafkaBroker() {}

    /** Writes the broker's settings. */
    static ProcessSpec prepare(
            StateFolder state,
            MeshSpec spec,
            Map<String, String> environment,
            Function<ClassArchive, List<String>> archives)
            throws IOException {
        Path folder = state.data(NAME);
        Files.createDirectories(folder);
        StateFolder.write(settings(folder), settings(storage(folder), spec));
        List<String> command = new ArrayList<>();
        command.add(spec.javaHome() + "/bin/java");
        command.addAll(JavaOptions.small(HEAP_MEGABYTES));
        command.addAll(archives.apply(ClassArchive.ofKafka(spec.homePath())));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), KafkaProcess.class.getName(), folder.toString()));
        return new ProcessSpec(NAME, command, environment, state.logs().resolve("kafka.log"));
    }

    static Path settings(Path folder) {
        return folder.resolve("server.properties");
    }

    static Path storage(Path folder) {
        return folder.resolve("log");
    }

    private static String settings(Path log, MeshSpec spec) {
        int port = spec.innerPort(MeshPort.KAFKA);
        boolean apart = spec.isolation() != Isolation.NONE;
        int controller = apart ? CONTROLLER : spec.ports().getOrDefault(CONTROLLER_PORT, CONTROLLER);
        String listeners = "MESH://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller;
        String advertised = "MESH://127.0.0.1:" + port;
        if (apart) {
            listeners += ",HOST://127.0.0.1:" + FOR_HOST;
            advertised += ",HOST://127.0.0.1:" + spec.port(MeshPort.KAFKA);
        }
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%d
                controller.listener.names=CONTROLLER
                listeners=%s
                advertised.listeners=%s
                inter.broker.listener.name=MESH
                listener.security.protocol.map=MESH:PLAINTEXT,HOST:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%s
                num.partitions=4
                num.network.threads=2
                num.io.threads=2
                num.recovery.threads.per.data.dir=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                log.segment.bytes=67108864
                log.retention.hours=24
                log.cleaner.dedupe.buffer.size=16777216
                """.formatted(controller, listeners, advertised, log);
    }
}
