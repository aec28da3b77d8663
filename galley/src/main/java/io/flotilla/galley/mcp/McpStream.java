package io.flotilla.galley.mcp;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.flotilla.api.mcp.v1alpha1.RequestResources;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.flotilla.api.mcp.v1alpha1.ResourceSourceGrpc;
import io.flotilla.api.mcp.v1alpha1.Resources;
import io.flotilla.api.mcp.v1alpha1.SinkNode;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One stream to another server, in either protocol: all of a type each time, taken or refused as a whole. */
final class McpStream {
    private static final String NODE = "galley";

    private McpStream() {}

    /** Who uses what comes. Calls do not overlap. */
    interface Taking {
        /** All resources of a type. What comes back is why they are refused; null if they are not. */
        @Nullable
        String take(String type, List<Resource> resources);

        /** The stream is over. */
        void ended(Throwable why);
    }

    /** Asks for all types over xDS, state of the world. What comes back ends the stream. */
    static Runnable xds(Channel channel, Collection<String> types, Taking taking) {
        Answering<DiscoveryRequest, DiscoveryResponse> answering = new Answering<>(taking) {
            @Override
            DiscoveryRequest answer(DiscoveryResponse response) throws InvalidProtocolBufferException {
                List<Resource> resources = new ArrayList<>();
                for (Any any : response.getResourcesList()) {
                    resources.add(any.unpack(Resource.class));
                }
                String refusal = taking.take(response.getTypeUrl(), resources);
                DiscoveryRequest.Builder request = DiscoveryRequest.newBuilder()
                        .setTypeUrl(response.getTypeUrl())
                        .setResponseNonce(response.getNonce());
                return refusal == null
                        ? request.setVersionInfo(response.getVersionInfo()).build()
                        : request.setErrorDetail(refused(refusal)).build();
            }
        };
        var requests = AggregatedDiscoveryServiceGrpc.newStub(channel).streamAggregatedResources(answering);
        answering.requests.set(requests);
        Node node = Node.newBuilder().setId(NODE).build();
        types.forEach(type -> requests.onNext(
                DiscoveryRequest.newBuilder().setNode(node).setTypeUrl(type).build()));
        return () -> cancel(requests);
    }

    /** Asks for all collections over the classic protocol, full state. What comes back ends the stream. */
    static Runnable classic(Channel channel, Collection<String> collections, Taking taking) {
        Answering<RequestResources, Resources> answering = new Answering<>(taking) {
            @Override
            RequestResources answer(Resources response) {
                String refusal = taking.take(response.getCollection(), response.getResourcesList());
                RequestResources.Builder request = RequestResources.newBuilder()
                        .setCollection(response.getCollection())
                        .setResponseNonce(response.getNonce());
                return refusal == null
                        ? request.build()
                        : request.setErrorDetail(refused(refusal)).build();
            }
        };
        var requests = ResourceSourceGrpc.newStub(channel).establishResourceStream(answering);
        answering.requests.set(requests);
        SinkNode node = SinkNode.newBuilder().setId(NODE).build();
        collections.forEach(collection -> requests.onNext(RequestResources.newBuilder()
                .setSinkNode(node)
                .setCollection(collection)
                .build()));
        return () -> cancel(requests);
    }

    private static void cancel(StreamObserver<?> requests) {
        ((ClientCallStreamObserver<?>) requests).cancel("everything is asked for again", null);
    }

    private static Status refused(String why) {
        return Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT_VALUE)
                .setMessage(why)
                .build();
    }

    private abstract static class Answering<Q extends Message, R> implements StreamObserver<R> {
        final AtomicReference<@Nullable StreamObserver<Q>> requests = new AtomicReference<>();
        final Taking taking;

        Answering(Taking taking) {
            this.taking = taking;
        }

        abstract Q answer(R response) throws InvalidProtocolBufferException;

        @Override
        public void onNext(R response) {
            StreamObserver<Q> to = requests.get();
            if (to == null) {
                return;
            }
            try {
                to.onNext(answer(response));
            } catch (InvalidProtocolBufferException | RuntimeException e) {
                to.onError(e);
            }
        }

        @Override
        public void onError(Throwable why) {
            taking.ended(why);
        }

        @Override
        public void onCompleted() {
            taking.ended(new IllegalStateException("the server ended the stream"));
        }
    }
}
