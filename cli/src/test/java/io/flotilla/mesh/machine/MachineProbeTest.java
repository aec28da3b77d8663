package io.flotilla.mesh.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.flotilla.api.networking.v1alpha3.ExecHealthCheckConfig;
import io.flotilla.api.networking.v1alpha3.GrpcHealthCheckConfig;
import io.flotilla.api.networking.v1alpha3.HTTPHeader;
import io.flotilla.api.networking.v1alpha3.HTTPHealthCheckConfig;
import io.flotilla.api.networking.v1alpha3.ReadinessProbe;
import io.flotilla.api.networking.v1alpha3.TCPHealthCheckConfig;
import io.flotilla.fixtures.base.FreePort;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Each way of asking an application, and what its answers add up to. */
class MachineProbeTest {
    private static MachineProbe probe(ReadinessProbe.Builder probe) {
        // A slow machine must not look like an unhealthy one.
        return new MachineProbe(probe.setTimeoutSeconds(20).build());
    }

    @Test
    void anHttpProbeAsksForItsPathWithItsHeadersAndTakesAStatusBelow400() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean asked = exchange.getRequestURI().getPath().equals("/ready")
                    && "yes".equals(exchange.getRequestHeaders().getFirst("x-probe"));
            exchange.sendResponseHeaders(asked ? 302 : 503, -1);
            exchange.close();
        });
        server.start();
        try {
            HTTPHealthCheckConfig.Builder http = HTTPHealthCheckConfig.newBuilder()
                    .setPort(server.getAddress().getPort())
                    .setPath("/ready")
                    .addHttpHeaders(HTTPHeader.newBuilder().setName("x-probe").setValue("yes"));
            assertThat(probe(ReadinessProbe.newBuilder().setHttpGet(http)).ask())
                    .isEmpty();
            assertThat(probe(ReadinessProbe.newBuilder().setHttpGet(http.clone().clearHttpHeaders()))
                            .ask())
                    .hasValueSatisfying(problem -> assertThat(problem).endsWith("/ready answered 503"));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anHttpsProbeSpeaksTls() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            FutureTask<Integer> first = new FutureTask<>(() -> {
                try (Socket asked = server.accept()) {
                    return asked.getInputStream().read();
                }
            });
            Thread.ofVirtual().start(first);
            HTTPHealthCheckConfig.Builder https = HTTPHealthCheckConfig.newBuilder()
                    .setPort(server.getLocalPort())
                    .setScheme("HTTPS");
            assertThat(probe(ReadinessProbe.newBuilder().setHttpGet(https)).ask())
                    .as("no TLS server")
                    .isPresent();
            assertThat(first.get()).as("a TLS handshake").isEqualTo(22);
        }
    }

    @Test
    void aTcpProbeConnectsAndACommandMustEndWell() throws IOException {
        int closed = FreePort.next();
        try (ServerSocket open = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(probe(ReadinessProbe.newBuilder()
                                    .setTcpSocket(
                                            TCPHealthCheckConfig.newBuilder().setPort(open.getLocalPort())))
                            .ask())
                    .isEmpty();
        }
        assertThat(probe(ReadinessProbe.newBuilder()
                                .setTcpSocket(TCPHealthCheckConfig.newBuilder().setPort(closed)))
                        .ask())
                .isPresent();
        assertThat(probe(ReadinessProbe.newBuilder()
                                .setExec(ExecHealthCheckConfig.newBuilder()
                                        .addAllCommand(List.of("sh", "-c", "exit 0"))))
                        .ask())
                .isEmpty();
        assertThat(probe(ReadinessProbe.newBuilder()
                                .setExec(ExecHealthCheckConfig.newBuilder()
                                        .addAllCommand(List.of("sh", "-c", "echo broken >&2; exit 7"))))
                        .ask())
                .contains("the command ended with 7: broken");
    }

    @Test
    void aGrpcProbeAsksTheHealthService() throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("grpc.health.v1.Health")
                        .addMethod(GrpcHealth.CHECK, ServerCalls.asyncUnaryCall((service, answer) -> {
                            answer.onNext(service.equals("books") ? GrpcHealth.SERVING : 2);
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        try {
            GrpcHealthCheckConfig.Builder grpc =
                    GrpcHealthCheckConfig.newBuilder().setPort(server.getPort());
            assertThat(probe(ReadinessProbe.newBuilder().setGrpc(grpc.clone().setService("books")))
                            .ask())
                    .isEmpty();
            assertThat(probe(ReadinessProbe.newBuilder().setGrpc(grpc)).ask())
                    .contains("gRPC health is 2, not SERVING");
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void itTakesAsManyAnswersAsTheThresholdsSay() {
        ReadinessProbe probe = ReadinessProbe.newBuilder()
                .setSuccessThreshold(2)
                .setFailureThreshold(2)
                .build();
        MachineHealth health = MachineHealth.UNKNOWN.after(true, probe);
        assertThat(health.healthy()).isEmpty();
        health = health.after(true, probe);
        assertThat(health.healthy()).isEqualTo(Optional.of(true));
        health = health.after(false, probe);
        assertThat(health.healthy()).isEqualTo(Optional.of(true));
        assertThat(health.after(true, probe).after(false, probe).healthy()).isEqualTo(Optional.of(true));
        assertThat(health.after(false, probe).healthy()).isEqualTo(Optional.of(false));
    }

    @Test
    void withoutThresholdsOneSuccessAndThreeFailuresDecide() {
        ReadinessProbe probe = ReadinessProbe.getDefaultInstance();
        assertThat(MachineHealth.UNKNOWN.after(true, probe).healthy()).isEqualTo(Optional.of(true));
        MachineHealth twice = MachineHealth.UNKNOWN.after(false, probe).after(false, probe);
        assertThat(twice.healthy()).isEmpty();
        assertThat(twice.after(false, probe).healthy()).isEqualTo(Optional.of(false));
        assertThat(new MachineProbe(probe).period()).hasSeconds(10);
    }
}
