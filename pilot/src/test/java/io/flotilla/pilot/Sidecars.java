package io.flotilla.pilot;

import io.flotilla.fixtures.envoy.EnvoyBinary;
import io.flotilla.fixtures.envoy.EnvoyRun;
import io.flotilla.pilot.world.AccessLogSink;
import io.flotilla.pilot.world.EchoApp;
import io.flotilla.pilot.world.MeshYaml;
import io.flotilla.pilot.world.RealEnvoy;
import io.flotilla.pilot.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Two real sidecars without capture, of a client and of a server that answers HTTP on one port and may greet on another,
 * and the mesh that Pilot has of them, in a network "near".
 */
final class Sidecars {
    static final String SERVER = "127.44.7.1";
    static final String CLIENT = "127.44.7.2";
    static final int HTTP_PORT = 29_080;
    static final int DATABASE_PORT = 23_306;
    private static final String PORTS =
            "[{name: http, port: " + HTTP_PORT + "}, {name: tcp-database, port: " + DATABASE_PORT + "}]";

    private final Path directory;
    private final World world;
    private final AccessLogSink logs;
    private final List<AutoCloseable> running;

    /** Starts them; skips the test where there is no Envoy. */
    Sidecars(Path directory) throws Exception {
        EnvoyBinary.found();
        this.directory = directory;
        this.world = new World();
        this.logs = new AccessLogSink();
        world.galley().publish("mesh.yaml", mesh());
        world.galley()
                .publish(
                        "pods.yaml",
                        MeshYaml.sidecar("server", SERVER, "near")
                                + MeshYaml.sidecar("client", CLIENT, "near")
                                + MeshYaml.server("10.96.7.1", PORTS));
        this.running = List.of(
                new EchoApp("server", "127.45.7.1", HTTP_PORT), envoy("server", SERVER), envoy("client", CLIENT));
    }

    World world() {
        return world;
    }

    /** What both log. */
    AccessLogSink logs() {
        return logs;
    }

    /** The mesh's settings: where its logs go. */
    String mesh() {
        return """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                accessLogService: 127.0.0.1:%d
            """.formatted(logs.port());
    }

    private EnvoyRun envoy(String name, String address) throws Exception {
        return RealEnvoy.start(
                new RealEnvoy.Identity(
                        "sidecar~" + address + "~" + name + "-0.default~default.svc.cluster.local",
                        name,
                        "NONE",
                        Map.of("app", name)),
                world.controlPlane(true),
                Files.createDirectory(directory.resolve(name)));
    }

    void stop() throws Exception {
        for (AutoCloseable each : running) {
            each.close();
        }
        logs.close();
        world.close();
    }
}
