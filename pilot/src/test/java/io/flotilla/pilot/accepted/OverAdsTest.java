package io.flotilla.pilot.accepted;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.StreamStatus;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.patch.PatchNotes;
import io.flotilla.fixtures.envoy.EnvoyBinary;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.serve.ProxySource;
import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.TestCitadel;
import io.flotilla.service.GrpcServers;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each mesh that shows a part of Istio's API, one after the other, to the same real Envoys over ADS: no response is
 * refused, and their configuration dumps are what was sent.
 */
class OverAdsTest {
    private static final List<Who> PROXIES = List.of(
            new Who("sidecar", "client-v1", "default", "client", "v1", "r/z/s", "1.24.1", "GRPC"),
            new Who("sidecar", "client-v1-delta", "default", "client", "v1", "r2/z/s", "1.5.0", "DELTA_GRPC"),
            new Who("sidecar", "server-v1", "default", "server", "v1", "r/z/s", "1.24.1", "GRPC"),
            new Who("sidecar", "server-v2", "default", "server", "v2", "r/z/s", "1.24.1", "DELTA_GRPC"),
            new Who("router", "ingress", "istio-system", "istio-ingressgateway", "", "r/z/s", "1.24.1", "GRPC"));

    @TempDir
    private Path scratch;

    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final Views views =
            new Views(Tuning.defaults(), Duration.ZERO, InstantSource.system(), (type, streams) -> {});
    private final ProxySource source = new ProxySource(views, MeshSettings.defaults(), new Refusals());
    private final XdsServer xds = new XdsServer(source, DeliveryOrder.ENVOY, "accepted");
    private final Map<String, ConfinedEnvoy> envoys = new TreeMap<>();
    private final Map<String, Held> held = new TreeMap<>();
    // Most meshes say nothing new to some of the proxies, and what is as it was needs no second look.
    private final Map<String, EnvoyResources> compared = new TreeMap<>();
    private Server server;
    private TestCitadel citadel;
    private Path keys;
    private Path sockets;
    private long generation;

    /** An Envoy of the test. */
    private record Who(
            String role,
            String name,
            String namespace,
            String app,
            String version,
            String locality,
            String istio,
            String api) {
        private String id() {
            return role + "~10.44.0.9~" + name + "-0." + namespace + "~" + namespace + ".svc.cluster.local";
        }

        private String node() {
            String[] place = locality.split("/", 3);
            return """
                {"id":"%s","cluster":"test","locality":{"region":"%s","zone":"%s","sub_zone":"%s"},
                 "metadata":{"SERVICE_ACCOUNT":"%s","ISTIO_VERSION":"%s","RING":"a",
                   "LABELS":{"app":"%s","version":"%s","istio":"%s"}}}
                """.formatted(
                            id(),
                            place[0],
                            place[1],
                            place[2],
                            app,
                            istio,
                            app,
                            version,
                            app.startsWith("istio-") ? app.substring("istio-".length()) : "");
        }
    }

    private final class Refusals implements ProxySource.Receipts {
        @Override
        public void accepted(String typeUrl, Generation of) {}

        @Override
        public void rejected(String proxy, String typeUrl, String message) {
            refused.add(proxy + " " + typeUrl + ": " + message);
        }
    }

    @BeforeEach
    void start() throws IOException {
        citadel = new TestCitadel();
        sockets = Files.createDirectory(scratch.resolve("sockets"));
        keys = citadel.files(Files.createDirectory(scratch.resolve("keys")));
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(xds.aggregated())
                .build()
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        for (ConfinedEnvoy envoy : envoys.values()) {
            envoy.close();
        }
        xds.close();
        GrpcServers.close(List.of(server), Duration.ZERO);
        citadel.close();
    }

    @Test
    void everyMeshIsTakenAsItWasSent() throws Exception {
        EnvoyBinary.found();
        Map<String, MeshSnapshot> meshes = new Meshes(keys, sockets).all();
        advance(meshes.values().iterator().next());
        ConfinedEnvoy.Ports ports = new ConfinedEnvoy.Ports(server.getPort(), citadel.port());
        for (Who who : PROXIES) {
            Path folder = Files.createDirectory(scratch.resolve(who.name()));
            envoys.put(who.name(), ConfinedEnvoy.start(who.node(), who.api(), ports, sockets, folder));
        }
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, MeshSnapshot> mesh : meshes.entrySet()) {
            advance(mesh.getValue());
            for (Who who : PROXIES) {
                List<String> differences = Eventually.get(() -> differences(who), List::isEmpty);
                differences.forEach(each -> wrong.add(mesh.getKey() + ", " + who.name() + ": " + each));
            }
            refused.forEach(each -> wrong.add(mesh.getKey() + ": " + each));
            refused.clear();
        }
        assertThat(wrong).isEmpty();
        assertThat(meshes).hasSizeGreaterThan(45);
    }

    private List<String> differences(Who who) throws IOException {
        for (StreamStatus stream : xds.streams()) {
            if (stream.info().node().getId().equals(who.id())) {
                EnvoyResources sent = source.member(stream.info().id())
                        .flatMap(Views.Member::resources)
                        .orElse(EnvoyResources.NONE)
                        .with(PatchNotes.NONE);
                return sent.equals(compared.get(who.name())) ? List.of() : differences(who, sent);
            }
        }
        return List.of("no stream; Envoy says: "
                + java.util.Objects.requireNonNull(envoys.get(who.name())).log());
    }

    private List<String> differences(Who who, EnvoyResources sent) throws IOException {
        List<String> differences = held.computeIfAbsent(
                        who.name(), name -> new Held(java.util.Objects.requireNonNull(envoys.get(name))))
                .differences(sent);
        if (differences.isEmpty()) {
            compared.put(who.name(), sent);
        }
        return differences;
    }

    private void advance(MeshSnapshot mesh) {
        generation++;
        views.advance(new MeshState(
                new Generation(1, Map.of("test", generation)),
                mesh,
                Set.of(Kind.CONFIG_MAP, Kind.ENVOY_FILTER, Kind.GATEWAY),
                System.nanoTime()));
    }
}
