package io.flotilla.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Int32Value;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients that prove nothing can do to a gRPC server of the suite. */
class HostileClientsTest {
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    /** A POST of "/" over plaintext, by HPACK's static table. */
    private static final byte[] POST = {(byte) 0x83, (byte) 0x86, (byte) 0x84};

    /** How many bytes were sent. */
    private static final MethodDescriptor<BytesValue, Int32Value> LENGTH =
            MethodDescriptor.<BytesValue, Int32Value>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("test.Echo/Length")
                    .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(Int32Value.getDefaultInstance()))
                    .build();

    @SuppressWarnings("NullAway.Init") // set before each
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = GrpcServers.builder("127.0.0.1", 0, null)
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(LENGTH, ServerCalls.asyncUnaryCall((request, response) -> {
                            response.onNext(Int32Value.of(request.getValue().size()));
                            response.onCompleted();
                        }))
                        .build())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void aMessageIsMeasuredAfterItIsUnpacked() throws InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        try {
            CallOptions packed = CallOptions.DEFAULT.withCompression("gzip").withDeadlineAfter(60, TimeUnit.SECONDS);
            assertThat(ClientCalls.blockingUnaryCall(channel, LENGTH, packed, zeros(1_000)))
                    .isEqualTo(Int32Value.of(1_000));
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                            channel, LENGTH, packed, zeros(GrpcServers.MAX_MESSAGE_BYTES + 1)))
                    .satisfies(e -> assertThat(Status.fromThrowable(e).getCode())
                            .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.UNKNOWN));
            assertThat(ClientCalls.blockingUnaryCall(channel, LENGTH, packed, zeros(10)))
                    .as("the server is none the worse")
                    .isEqualTo(Int32Value.of(10));
        } finally {
            channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    private static BytesValue zeros(int count) {
        return BytesValue.of(ByteString.copyFrom(new byte[count]));
    }

    @Test
    void whoOpensAndResetsStreamsWithoutEndIsCutOff() throws IOException {
        assertThat(ends(out -> {
                    for (int stream = 1; stream < 4_000; stream += 2) {
                        frame(out, HEADERS, END_STREAM | END_HEADERS, stream, POST);
                        frame(out, RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
                    }
                }))
                .isTrue();
    }

    @Test
    void headersWithoutEndAreCutOff() throws IOException {
        assertThat(ends(out -> {
                    frame(out, HEADERS, END_STREAM, 1, POST);
                    for (int i = 0; i < 2_000; i++) {
                        frame(out, CONTINUATION, 0, 1, header(1_000));
                    }
                }))
                .isTrue();
    }

    /** A header of that many bytes that is not to be remembered. */
    private static byte[] header(int length) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.write(1);
        bytes.write('x');
        bytes.write(0x7F);
        int rest = length - 0x7F;
        for (; rest >= 0x80; rest >>= 7) {
            bytes.write((rest & 0x7F) | 0x80);
        }
        bytes.write(rest);
        bytes.writeBytes("y".repeat(length).getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    @FunctionalInterface
    private interface Attack {
        void on(DataOutputStream out) throws IOException;
    }

    /** Whether the server ends the connection because of it. */
    private boolean ends(Attack attack) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.setSoTimeout(60_000);
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(out, SETTINGS, 0, 0, new byte[0]);
            out.flush();
            try {
                attack.on(out);
                out.flush();
            } catch (IOException e) {
                return true;
            }
            return goodbye(new DataInputStream(socket.getInputStream()));
        }
    }

    private static boolean goodbye(DataInputStream in) {
        try {
            while (true) {
                int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
                int type = in.readUnsignedByte();
                in.readUnsignedByte();
                in.readInt();
                in.readFully(new byte[length]);
                if (type == GOAWAY) {
                    return true;
                }
            }
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] body) throws IOException {
        out.writeShort(body.length >> 8);
        out.writeByte(body.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(body);
    }
}
