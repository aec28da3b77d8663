package io.flotilla.service;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One open stream to {@link Echo}. */
final class EchoStream implements StreamObserver<DiscoveryResponse> {
    private static final int LIMIT_SECONDS = 60;

    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final StreamObserver<DiscoveryRequest> requests;

    EchoStream(Channel channel) {
        requests = AggregatedDiscoveryServiceGrpc.newStub(channel).streamAggregatedResources(this);
    }

    /** What the server says of our certificate, or the status with which it ended the stream. */
    String ask() throws InterruptedException {
        requests.onNext(DiscoveryRequest.getDefaultInstance());
        return next();
    }

    /** The next word of the server, asked or not. */
    String next() throws InterruptedException {
        return switch (events.poll(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            case DiscoveryResponse response -> response.getVersionInfo();
            case Throwable failure -> Status.fromThrowable(failure).getCode().name();
            case null, default -> "nothing";
        };
    }

    @Override
    public void onNext(DiscoveryResponse response) {
        events.add(response);
    }

    @Override
    public void onError(Throwable failure) {
        events.add(failure);
    }

    @Override
    public void onCompleted() {
        events.add("completed");
    }
}
