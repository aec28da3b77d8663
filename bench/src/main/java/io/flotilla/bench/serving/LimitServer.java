package io.flotilla.bench.serving;

import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.discovery.server.XdsServerLimits;
import io.flotilla.discovery.wire.FrameMarshaller;
import io.flotilla.discovery.wire.ResponseFrame;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The least that serving costs: each stream is sent the bytes that it was sent by the real thing, as they are, over the
 * same gRPC stack; requests are thrown away. Each line on standard input is
 * PHASE EVENT EVENTS: that part of a phase is played.
 */
final class LimitServer {
    private final List<List<List<ResponseFrame>>> phases;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private volatile int connecting;

    private LimitServer(List<List<List<ResponseFrame>>> phases) {
        this.phases = phases;
    }

    /** Arguments: FILE of recorded phases. Prints its port. */
    public static void main(String[] arguments) throws Exception {
        LimitServer limit = new LimitServer(read(Path.of(arguments[0])));
        MethodDescriptor<byte[], ResponseFrame> method = MethodDescriptor.<byte[], ResponseFrame>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName(RawBytes.DELTA.getFullMethodName())
                .setRequestMarshaller(new RawBytes())
                .setResponseMarshaller(new FrameMarshaller())
                .build();
        Server server = XdsServerLimits.DEFAULT
                .applyTo(NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .directExecutor()
                .addService(ServerServiceDefinition.builder("envoy.service.discovery.v3.AggregatedDiscoveryService")
                        .addMethod(method, limit::open)
                        .build())
                .build()
                .start();
        System.out.println(server.getPort());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.strip().split(" ", -1);
                limit.play(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            }
        }
        server.shutdownNow();
    }

    // A phase whose number is negative waits for streams that come: each plays it as it does.
    private void play(int phase, int event, int events) {
        if (phase < 0) {
            connecting = -phase - 1;
        } else {
            streams.forEach(stream -> stream.play(phase, event, events));
        }
    }

    private ServerCall.Listener<byte[]> open(ServerCall<byte[], ResponseFrame> call, Metadata headers) {
        Stream stream = new Stream(call);
        streams.add(stream);
        call.sendHeaders(new Metadata());
        call.request(Integer.MAX_VALUE);
        return stream;
    }

    private final class Stream extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], ResponseFrame> call;
        private List<ResponseFrame> frames = List.of();
        private int next;
        private int number = -1;

        private Stream(ServerCall<byte[], ResponseFrame> call) {
            this.call = call;
        }

        @Override
        public void onMessage(byte[] request) {
            if (number >= 0) {
                return;
            }
            try {
                String id = Player.node(request);
                number = Integer.parseInt(id.substring(id.indexOf("app-") + 4, id.indexOf('.', id.indexOf("app-"))));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            play(connecting, 0, 1);
        }

        synchronized void play(int phase, int event, int events) {
            List<List<ResponseFrame>> recorded = phases.get(phase);
            frames = Part.of(recorded.get(number % recorded.size()), event, events);
            next = 0;
            pump();
        }

        @Override
        public void onReady() {
            pump();
        }

        private synchronized void pump() {
            while (next < frames.size() && call.isReady()) {
                call.sendMessage(frames.get(next++));
            }
        }

        @Override
        public void onCancel() {
            streams.remove(this);
        }
    }

    private static List<List<List<ResponseFrame>>> read(Path file) throws IOException {
        List<List<List<ResponseFrame>>> phases = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            for (int phase = in.readInt(); phase > 0; phase--) {
                List<List<ResponseFrame>> players = new ArrayList<>();
                for (int player = in.readInt(); player > 0; player--) {
                    List<ResponseFrame> frames = new ArrayList<>();
                    for (int frame = in.readInt(); frame > 0; frame--) {
                        byte[] bytes = in.readNBytes(in.readInt());
                        frames.add(new ResponseFrame(
                                "", "", "", List.of(UnsafeByteOperations.unsafeWrap(bytes)), bytes.length));
                    }
                    players.add(frames);
                }
                phases.add(players);
            }
        }
        return phases;
    }
}
