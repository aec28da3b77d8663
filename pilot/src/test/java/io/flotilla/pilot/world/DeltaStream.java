package io.flotilla.pilot.world;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An incremental discovery stream with Pilot, by hand. */
public final class DeltaStream implements StreamObserver<DeltaDiscoveryResponse>, AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final ManagedChannel channel;
    private final Node node;
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final StreamObserver<DeltaDiscoveryRequest> requests;

    public DeltaStream(ManagedChannel channel, String id) {
        this.channel = channel;
        this.node = Node.newBuilder().setId(id).build();
        this.requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
    }

    /** Asks for names of a type, holding some from an earlier stream: name to version. */
    public DeltaStream ask(String typeUrl, Map<String, String> held, String... names) {
        requests.onNext(DeltaDiscoveryRequest.newBuilder()
                .setNode(node)
                .setTypeUrl(typeUrl)
                .putAllInitialResourceVersions(held)
                .addAllResourceNamesSubscribe(List.of(names))
                .build());
        return this;
    }

    /** The names and versions of the next response; fails after a minute. */
    public Map<String, String> next() throws InterruptedException {
        if (events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) instanceof DeltaDiscoveryResponse response) {
            return response.getResourcesList().stream()
                    .collect(Collectors.toMap(Resource::getName, Resource::getVersion));
        }
        throw new AssertionError("no response within " + PATIENCE_SECONDS + " s");
    }

    @Override
    public void onNext(DeltaDiscoveryResponse response) {
        events.add(response);
    }

    @Override
    public void onError(Throwable error) {
        events.add(error);
    }

    @Override
    public void onCompleted() {
        events.add("completed");
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
