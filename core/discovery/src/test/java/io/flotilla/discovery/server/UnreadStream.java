package io.flotilla.discovery.server;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** A client that asks for a type and takes no message of the answer until it is told to: its window fills. */
final class UnreadStream {
    final BlockingQueue<DeltaDiscoveryResponse> received = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> end = new CompletableFuture<>();

    private final ClientCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call;

    UnreadStream(ManagedChannel channel, Node node, String typeUrl) {
        call = channel.newCall(AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(DeltaDiscoveryResponse message) {
                        received.add(message);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                new Metadata());
        call.sendMessage(DeltaDiscoveryRequest.newBuilder()
                .setNode(node)
                .setTypeUrl(typeUrl)
                .build());
    }

    /** Takes all that comes from now on. */
    void read() {
        call.request(1_000);
    }
}
