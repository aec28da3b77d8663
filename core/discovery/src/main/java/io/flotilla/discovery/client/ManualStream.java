package io.flotilla.discovery.client;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A delta stream that does only what it is told: for tests, tools, and to play an Envoy. */
public final class ManualStream implements AutoCloseable, StreamObserver<DeltaDiscoveryResponse> {
    private final BlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();
    private final StreamObserver<DeltaDiscoveryRequest> requests;
    private volatile @Nullable Throwable failure;
    private volatile boolean over;
    private @Nullable Node node;

    public ManualStream(Channel channel, Node node) {
        this.node = node;
        requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
    }

    /** Sends a request as it is; the stream's first also carries the node. */
    public void send(DeltaDiscoveryRequest request) {
        Node first = node;
        node = null;
        requests.onNext(
                first == null ? request : request.toBuilder().setNode(first).build());
    }

    /** Subscribes to names of a type; without a name, as a first request, to all. */
    public void subscribe(String typeUrl, String... names) {
        send(DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(typeUrl)
                .addAllResourceNamesSubscribe(List.of(names))
                .build());
    }

    public void unsubscribe(String typeUrl, String... names) {
        send(DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(typeUrl)
                .addAllResourceNamesUnsubscribe(List.of(names))
                .build());
    }

    public void accept(DeltaDiscoveryResponse response) {
        send(answer(response).build());
    }

    public void refuse(DeltaDiscoveryResponse response, String message) {
        send(answer(response)
                .setErrorDetail(
                        Status.newBuilder().setCode(Code.INVALID_ARGUMENT_VALUE).setMessage(message))
                .build());
    }

    /** The next response, or empty after the time. */
    public Optional<DeltaDiscoveryResponse> next(Duration within) throws InterruptedException {
        return Optional.ofNullable(responses.poll(within.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Why the stream broke; empty while it is open or after a good end. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    public boolean over() {
        return over;
    }

    @Override
    public void onNext(DeltaDiscoveryResponse response) {
        responses.add(response);
    }

    @Override
    public void onError(Throwable error) {
        failure = error;
        over = true;
    }

    @Override
    public void onCompleted() {
        over = true;
    }

    @Override
    public void close() {
        if (!over) {
            requests.onCompleted();
        }
    }

    private static DeltaDiscoveryRequest.Builder answer(DeltaDiscoveryResponse response) {
        return DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce());
    }
}
