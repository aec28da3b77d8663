package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.flotilla.api.networking.v1alpha3.ReadinessProbe;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.mesh.machine.MachineProbe;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.ObjectText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A machine's probe and what the mesh makes of its answers. */
class VmProbeTest {
    @TempDir
    private Path folder;

    private void put(String yaml) throws IOException {
        for (ObjectText text : ObjectText.of("f", yaml, ReadOptions.DEFAULT)) {
            assertThat(text.object().problems()).isEmpty();
            new ConfigFolder(folder).put(text);
        }
    }

    private void machine(String group, String probe) throws IOException {
        put("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: billing, namespace: shop}
                spec:
                  hosts: [billing.shop]
                  location: MESH_INTERNAL
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  workloadSelector: {labels: {app: billing}}
                ---
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: m1, namespace: shop, annotations: {istio.io/autoRegistrationGroup: "%s", keep: this}}
                spec: {address: 10.9.0.7, labels: {app: billing}}
                ---
                apiVersion: networking.istio.io/v1
                kind: WorkloadGroup
                metadata: {name: machines, namespace: shop}
                spec: {template: {serviceAccount: billing}%s}""".formatted(group, probe));
    }

    private MachineEntry entry() {
        return new MachineEntry(new FolderPlace(new ConfigFolder(folder)), "shop", "m1");
    }

    private MeshEndpoint.Health health() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        new ConfigFolder(folder).objects().forEach((key, text) -> texts.put(key.toString(), text.yaml()));
        MeshSnapshot mesh = MeshFolder.read(texts).snapshot();
        MeshService service = mesh.service("billing.shop", "shop").orElseThrow();
        return mesh.endpoints(service, 80).getFirst().health();
    }

    @Test
    void theProbeIsTheGroupsElseTheMeshs() throws IOException {
        machine("machines", ", probe: {periodSeconds: 3, tcpSocket: {port: 80}}");
        assertThat(entry().probe("", "istio-system").getPeriodSeconds()).isEqualTo(3);

        machine("machines", "");
        assertThatThrownBy(() -> entry().probe("", "istio-system"))
                .hasMessageContaining("neither WorkloadGroup machines nor MeshConfig");
        put("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: '{defaultConfig: {readinessProbe: {periodSeconds: 4, tcpSocket: {port: 80}}}}'}""");
        assertThat(entry().probe("", "istio-system").getPeriodSeconds()).isEqualTo(4);

        machine("", ", probe: {periodSeconds: 3, tcpSocket: {port: 80}}");
        assertThat(entry().probe("", "istio-system").getPeriodSeconds()).isEqualTo(4);
        assertThat(entry().probe("machines", "istio-system").getPeriodSeconds()).isEqualTo(3);
    }

    @Test
    void theMeshFollowsTheAnswersAndTheEndOfTheProbe() throws Exception {
        AtomicInteger status = new AtomicInteger(500);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        machine(
                "machines",
                ", probe: {periodSeconds: 1, timeoutSeconds: 60, failureThreshold: 1, httpGet: {port: %d}}"
                        .formatted(server.getAddress().getPort()));
        assertThat(health()).isEqualTo(MeshEndpoint.Health.HEALTHY);
        VmProbeCommand command = new VmProbeCommand();
        new CommandLine(command).setOut(new PrintWriter(new StringWriter())).parseArgs("m1");
        ReadinessProbe probe = entry().probe("", "istio-system");
        CountDownLatch ending = new CountDownLatch(1);
        FutureTask<Void> following = new FutureTask<>(() -> {
            command.follow(entry(), new MachineProbe(probe), ending);
            return null;
        });
        Thread.ofVirtual().start(following);
        try {
            await(MeshEndpoint.Health.UNHEALTHY);
            status.set(200);
            await(MeshEndpoint.Health.HEALTHY);
            assertThat(new ConfigFolder(folder)
                            .objects().values().stream()
                                    .flatMap(text -> text.object().config().annotations().keySet().stream()))
                    .contains("keep");
        } finally {
            ending.countDown();
            following.get(60, TimeUnit.SECONDS);
            server.stop(0);
        }
        assertThat(health()).as("nobody vouches for it").isEqualTo(MeshEndpoint.Health.UNHEALTHY);
    }

    private void await(MeshEndpoint.Health wanted) throws IOException {
        Instant end = Instant.now().plusSeconds(60);
        while (health() != wanted) {
            assertThat(Instant.now()).as("still not " + wanted).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
