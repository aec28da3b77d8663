package io.flotilla.bench.serving;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.flotilla.discovery.TypeUrls;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One proxy as far as discovery goes: it subscribes as Envoy does over delta, and acknowledges all it gets. The system
 * property {@code players.workloads} says of how many workloads the proxies are; 1 without it.
 */
final class Player {
    private static final int WORKLOADS = Integer.getInteger("players.workloads", 1);

    private final int number;
    private final Map<String, TreeMap<String, String>> held = new HashMap<>();
    private final Set<String> asked = new TreeSet<>();
    private final List<byte[]> recorded = new ArrayList<>();
    private boolean recording;
    private long bytes;
    private long messages;
    private int seen;
    private Predicate<String> watched = name -> false;
    private int session;
    private @Nullable ManagedChannel channel;
    private @Nullable ClientCall<byte[], byte[]> call;

    Player(int number) {
        this.number = number;
    }

    /** Opens a connection and a stream; {@code keep} tells what is held from before. */
    synchronized void connect(int port, boolean keep) {
        if (!keep) {
            held.clear();
        }
        asked.clear();
        session++;
        channel = NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .flowControlWindow(16 << 20)
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .build();
        call = channel.newCall(RawBytes.DELTA, CallOptions.DEFAULT);
        call.start(new Answers(session), new Metadata());
        call.request(Integer.MAX_VALUE);
        ask(TypeUrls.CLUSTER, Set.of());
        if (keep) {
            ask(TypeUrls.ENDPOINT, held(TypeUrls.ENDPOINT).keySet());
            ask(TypeUrls.LISTENER, Set.of());
            ask(TypeUrls.ROUTE, Set.of("80"));
            ask(TypeUrls.VIRTUAL_HOST, Set.of("80"));
        }
    }

    synchronized void disconnect() {
        session++;
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    /** Counts resources of these names from now on. */
    synchronized void watch(Predicate<String> names) {
        watched = names;
        seen = 0;
    }

    synchronized int seen() {
        return seen;
    }

    synchronized int size(String typeUrl) {
        return held(typeUrl).size();
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized long messages() {
        return messages;
    }

    /** Starts to keep what comes, or not; gives what was kept. */
    synchronized List<byte[]> record(boolean on) {
        List<byte[]> kept = List.copyOf(recorded);
        recorded.clear();
        recording = on;
        return kept;
    }

    private final class Answers extends ClientCall.Listener<byte[]> {
        private final int mine;

        private Answers(int mine) {
            this.mine = mine;
        }

        @Override
        public void onMessage(byte[] message) {
            synchronized (Player.this) {
                if (mine == session) {
                    take(message);
                }
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            synchronized (Player.this) {
                if (mine == session && status.getCode() != Status.Code.CANCELLED) {
                    System.err.println("stream " + number + " ended: " + status);
                }
            }
        }
    }

    private void take(byte[] message) {
        bytes += message.length;
        messages++;
        if (recording) {
            recorded.add(message);
        }
        try {
            CodedInputStream in = CodedInputStream.newInstance(message);
            String version = "";
            String type = "";
            String nonce = "";
            List<String> removed = new ArrayList<>();
            Map<String, String> told = new TreeMap<>();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag >>> 3) {
                    case 1 -> version = in.readString();
                    case 2 -> resource(in, told);
                    case 4 -> type = in.readString();
                    case 5 -> nonce = in.readString();
                    case 6 -> removed.add(in.readString());
                    default -> in.skipField(tag);
                }
            }
            held(type).putAll(told);
            removed.forEach(held(type)::remove);
            seen += (int) told.keySet().stream().filter(watched).count();
            send(DeltaDiscoveryRequest.newBuilder().setTypeUrl(type).setResponseNonce(nonce));
            if (!version.endsWith("+")) {
                follow(type, told.keySet());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void resource(CodedInputStream in, Map<String, String> told) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        String name = "";
        String version = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag >>> 3) {
                case 1 -> version = in.readString();
                case 3 -> name = in.readString();
                default -> in.skipField(tag);
            }
        }
        in.popLimit(limit);
        told.put(name, version);
    }

    // All clusters of services ask for their endpoints; then come listeners and routes, as in Envoy.
    private void follow(String type, Set<String> told) {
        switch (type) {
            case TypeUrls.CLUSTER -> {
                Set<String> names = new TreeSet<>(
                        asked.contains(TypeUrls.ENDPOINT) ? told : held(type).keySet());
                names.removeIf(name ->
                        !name.startsWith("outbound|") || held(TypeUrls.ENDPOINT).containsKey(name));
                if (!names.isEmpty()) {
                    ask(TypeUrls.ENDPOINT, names);
                }
            }
            case TypeUrls.ENDPOINT -> first(TypeUrls.LISTENER, Set.of());
            case TypeUrls.LISTENER -> first(TypeUrls.ROUTE, Set.of("80"));
            case TypeUrls.ROUTE -> first(TypeUrls.VIRTUAL_HOST, Set.of("80"));
            default -> {}
        }
    }

    private void first(String type, Set<String> names) {
        if (!asked.contains(type)) {
            ask(type, names);
        }
    }

    private void ask(String type, Set<String> names) {
        DeltaDiscoveryRequest.Builder request =
                DeltaDiscoveryRequest.newBuilder().setTypeUrl(type).addAllResourceNamesSubscribe(names);
        if (asked.add(type)) {
            request.putAllInitialResourceVersions(held(type));
        }
        if (type.equals(TypeUrls.CLUSTER)) {
            String namespace = "ns-" + number % MeshFolder.NAMESPACES;
            request.setNode(Node.newBuilder()
                    .setId("sidecar~10.0." + (number >> 8) + "." + (number & 255) + "~app-" + number + "." + namespace
                            + "~" + namespace + ".svc.cluster.local")
                    .setMetadata(labels("workload-" + number % WORKLOADS))
                    .setUserAgentName("envoy")
                    .setUserAgentBuildVersion(BuildVersion.getDefaultInstance()));
        }
        send(request);
    }

    private static Struct labels(String app) {
        Struct labels = Struct.newBuilder()
                .putFields("app", Value.newBuilder().setStringValue(app).build())
                .build();
        return Struct.newBuilder()
                .putFields("LABELS", Value.newBuilder().setStructValue(labels).build())
                .build();
    }

    private void send(DeltaDiscoveryRequest.Builder request) {
        if (call != null) {
            call.sendMessage(request.build().toByteArray());
        }
    }

    private Map<String, String> held(String type) {
        return held.computeIfAbsent(type, url -> new TreeMap<>());
    }

    static String node(byte[] request) throws IOException {
        return DeltaDiscoveryRequest.parseFrom(ByteString.copyFrom(request))
                .getNode()
                .getId();
    }
}
