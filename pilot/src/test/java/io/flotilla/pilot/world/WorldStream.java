package io.flotilla.pilot.world;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A state of the world stream that does what a test says. Closing it ends its channel. */
public final class WorldStream implements AutoCloseable {
    // A JVM's first handshake takes seconds where others have the machine.
    private static final int PATIENCE_SECONDS = 60;

    private final ManagedChannel channel;
    private final Node node;
    private final BlockingQueue<DiscoveryResponse> responses = new LinkedBlockingQueue<>();
    private final CompletableFuture<io.grpc.Status> end = new CompletableFuture<>();
    private final StreamObserver<DiscoveryRequest> requests;

    public WorldStream(ManagedChannel channel, String id, Map<String, String> metadata) {
        this.channel = channel;
        Struct.Builder told = Struct.newBuilder();
        metadata.forEach((name, text) ->
                told.putFields(name, Value.newBuilder().setStringValue(text).build()));
        node = Node.newBuilder().setId(id).setMetadata(told).build();
        requests = AggregatedDiscoveryServiceGrpc.newStub(channel).streamAggregatedResources(new StreamObserver<>() {
            @Override
            public void onNext(DiscoveryResponse response) {
                responses.add(response);
            }

            @Override
            public void onError(Throwable error) {
                end.complete(io.grpc.Status.fromThrowable(error));
            }

            @Override
            public void onCompleted() {
                end.complete(io.grpc.Status.OK);
            }
        });
    }

    public void ask(String typeUrl, String... names) {
        requests.onNext(DiscoveryRequest.newBuilder()
                .setNode(node)
                .setTypeUrl(typeUrl)
                .addAllResourceNames(List.of(names))
                .build());
    }

    /** The next response; fails after a minute. */
    public DiscoveryResponse next() throws InterruptedException {
        DiscoveryResponse response = responses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (response == null) {
            throw new AssertionError(
                    "no response within " + PATIENCE_SECONDS + " s; the stream's end: " + end.getNow(null));
        }
        return response;
    }

    /** Accepts, or refuses where there is a message. */
    public void answer(DiscoveryResponse response, @Nullable String refusal, String... names) {
        DiscoveryRequest.Builder request = DiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce())
                .addAllResourceNames(List.of(names));
        if (refusal != null) {
            request.setErrorDetail(Status.newBuilder().setCode(13).setMessage(refusal));
        }
        requests.onNext(request.build());
    }

    /** How the server ended it; fails after a minute. */
    public io.grpc.Status end() throws Exception {
        return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether the server ended it. */
    public boolean ended() {
        return end.isDone();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
