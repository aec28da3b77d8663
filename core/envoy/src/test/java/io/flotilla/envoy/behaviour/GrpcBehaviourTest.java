package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.StringValue;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Prediction;
import io.flotilla.envoy.simulation.Simulator;
import io.flotilla.envoy.workbench.Logged;
import io.flotilla.envoy.workbench.Relay;
import io.flotilla.envoy.workbench.Workbench;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** grpc-java on both sides of a real Envoy: behaviour/grpc.yaml. */
class GrpcBehaviourTest {
    private static EchoServer first;
    private static EchoServer second;
    private static Workbench bench;
    private static Relay relay;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() throws IOException {
        bench = Workbench.start(
                MeshFiles.files(Path.of("src/test/resources/behaviour/grpc.yaml")), Proxies.sidecar("client", "v1"));
        first = new EchoServer("v1");
        second = new EchoServer("v2");
        bench.apps().named("echo-v1").forEach(app -> app.http2(first.port()));
        bench.apps().named("echo-v2").forEach(app -> app.http2(second.port()));
        relay = bench.relay(bench.get("echo", 50051, "/").to());
        channel = NettyChannelBuilder.forAddress("127.0.0.1", relay.port())
                .overrideAuthority("echo.default:50051")
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() throws IOException {
        if (bench != null) {
            channel.shutdownNow();
            relay.close();
            first.close();
            second.close();
            bench.close();
        }
    }

    private static Channel with(String header) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), "yes");
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static String say(Channel to, String what) {
        return ClientCalls.blockingUnaryCall(
                        to,
                        EchoServer.SAY,
                        CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                        StringValue.of(what))
                .getValue();
    }

    @Test
    void callsAreRoutedByMethod() throws Exception {
        assertThat(say(channel, "hello")).isEqualTo("v1 heard hello");
        agrees("Say", "x-none");
        List<String> counted = new ArrayList<>();
        ClientCalls.blockingServerStreamingCall(channel, EchoServer.COUNT, CallOptions.DEFAULT, StringValue.of("5"))
                .forEachRemaining(each -> counted.add(each.getValue()));
        assertThat(counted).containsExactly("v2 1", "v2 2", "v2 3", "v2 4", "v2 5");
        agrees("Count", "x-none");
    }

    /** What Envoy logged of the last call of a method is what the simulator says of such a call. */
    private static void agrees(String method, String header) throws Exception {
        Call call = bench.get("echo", 50051, "/flotilla.Echo/" + method)
                .method("POST")
                .with("content-type", "application/grpc")
                .with(header, "yes");
        Prediction said = Prediction.of(new Simulator(bench.resources()).captured(call), bench.resources());
        assertThat(said.clusters()).hasSize(1);
        String cluster = said.clusters().iterator().next();
        Logged did = Waiting.until(
                () -> bench.lastTo(cluster), logged -> logged.route().equals(said.route()));
        assertThat(did.route()).isEqualTo(said.route());
        if (!said.flags().isEmpty() || did.flags().isEmpty()) {
            assertThat(did.flags()).isEqualTo(said.flags());
        }
    }

    @Test
    void bothSidesStream() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        StreamObserver<StringValue> talk = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(EchoServer.CHAT, CallOptions.DEFAULT), new StreamObserver<>() {
                    @Override
                    public void onNext(StringValue value) {
                        heard.add(value.getValue());
                    }

                    @Override
                    public void onError(Throwable problem) {
                        heard.add(Status.fromThrowable(problem).toString());
                    }

                    @Override
                    public void onCompleted() {
                        heard.add("completed");
                    }
                });
        for (int i = 0; i < 3; i++) {
            talk.onNext(StringValue.of("word " + i));
            assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo("v1 heard word " + i);
        }
        talk.onCompleted();
        assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo("completed");
    }

    @Test
    void aCallThatFailsWithAStatusIsTriedAgain() throws Exception {
        first.failing.set(2);
        assertThat(say(with("x-retry"), "again")).isEqualTo("v1 heard again");
        agrees("Say", "x-retry");
        first.failing.set(9);
        assertThatThrownBy(() -> say(with("x-retry"), "again"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        assertThat(first.failing.getAndSet(0)).as("one try and three more").isEqualTo(5);
    }

    @Test
    void faultsAndTimeoutsAreStatuses() throws Exception {
        assertThatThrownBy(() -> say(with("x-abort"), "hello"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        agrees("Say", "x-abort");
        long start = System.nanoTime();
        assertThatThrownBy(() -> say(with("x-late"), "nothing"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        late -> assertThat(late.getStatus().getCode())
                                .isIn(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED));
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }

    @Test
    void pagesCallByGrpcWeb() throws IOException {
        byte[] message = StringValue.of("page").toByteArray();
        byte[] frame = ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("POST /flotilla.Echo/Say HTTP/1.1\r\nhost: echo\r\nconnection: close\r\n"
                        + "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\ncontent-length: " + frame.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(frame);
        Call call = bench.get("echo", 50052, "/");
        try (Socket socket = bench.connect(call.to())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.toByteArray());
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 ")
                    .contains("content-type: application/grpc-web+proto", "v1 heard page", "grpc-status:0");
        }
    }
}
