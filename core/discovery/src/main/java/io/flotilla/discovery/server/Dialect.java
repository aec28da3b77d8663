package io.flotilla.discovery.server;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.flotilla.api.mcp.v1alpha1.MeshConfigRequest;
import io.flotilla.api.mcp.v1alpha1.RequestResources;
import io.flotilla.api.mcp.v1alpha1.SinkNode;
import io.flotilla.discovery.wire.DeltaRequest;
import io.flotilla.discovery.wire.DeltaRequestMarshaller;
import io.flotilla.discovery.wire.FrameMarshaller;
import io.flotilla.discovery.wire.Framing;
import io.flotilla.discovery.wire.McpEncoder;
import io.flotilla.discovery.wire.MeshConfigEncoder;
import io.flotilla.discovery.wire.ResponseFrame;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How the requests of one method are read.
 *
 * @param method as it is bound: generated requests, frames as responses
 * @param delta  incremental instead of state of the world
 * @param once   whether the first response ends the call (Fetch)
 * @param order  of the types
 * @param framing how responses are written
 * @param known  types that may be asked for
 * @param reading what a request says
 * @param nodes  who sent it
 * @param briefly whether a request says so little that it is done at once
 */
record Dialect<Q>(
        MethodDescriptor<Q, ResponseFrame> method,
        boolean delta,
        boolean once,
        DeliveryOrder order,
        Framing framing,
        Predicate<String> known,
        Function<Q, Ask> reading,
        Function<Q, Node> nodes,
        Predicate<Q> briefly) {

    static Dialect<DiscoveryRequest> world(
            MethodDescriptor<DiscoveryRequest, ?> generated, boolean once, DeliveryOrder order, Framing framing) {
        return new Dialect<>(
                bound(generated, DiscoveryRequest.getDefaultInstance()),
                false,
                once,
                order,
                framing,
                type -> true,
                Ask::of,
                DiscoveryRequest::getNode,
                request -> false);
    }

    static Dialect<DeltaRequest> delta(
            MethodDescriptor<DeltaDiscoveryRequest, ?> generated, DeliveryOrder order, Framing framing) {
        return new Dialect<>(
                bound(generated, new DeltaRequestMarshaller()),
                true,
                false,
                order,
                framing,
                type -> true,
                Ask::of,
                DeltaRequest::node,
                DeltaRequest::brief);
    }

    /** MCP as Istio 1.1 speaks it. */
    static Dialect<RequestResources> mcp(MethodDescriptor<RequestResources, ?> generated, Predicate<String> known) {
        return new Dialect<>(
                bound(generated, RequestResources.getDefaultInstance()),
                false,
                false,
                DeliveryOrder.NONE,
                new McpEncoder(),
                known,
                Ask::of,
                request -> node(request.getSinkNode()),
                request -> false);
    }

    /** MCP as Istio 1.0 speaks it. */
    static Dialect<MeshConfigRequest> meshConfig(
            MethodDescriptor<MeshConfigRequest, ?> generated, Predicate<String> known) {
        return new Dialect<>(
                bound(generated, MeshConfigRequest.getDefaultInstance()),
                false,
                false,
                DeliveryOrder.NONE,
                new MeshConfigEncoder(),
                known,
                Ask::of,
                request -> node(request.getSinkNode()),
                request -> false);
    }

    private static Node node(SinkNode sink) {
        Struct.Builder metadata = Struct.newBuilder();
        sink.getAnnotationsMap()
                .forEach((name, text) -> metadata.putFields(
                        name, Value.newBuilder().setStringValue(text).build()));
        return Node.newBuilder().setId(sink.getId()).setMetadata(metadata).build();
    }

    Ask ask(Q request) {
        return reading.apply(request);
    }

    /** Whether it says so little that it is done at once. */
    boolean brief(Q request) {
        return briefly.test(request);
    }

    Node node(Q request) {
        return nodes.apply(request);
    }

    /** What holds for the stream that a request begins. */
    StreamTerms terms(Q request) {
        List<String> features = node(request).getClientFeaturesList();
        boolean markers = features.contains(XdsServer.MARKERS);
        return new StreamTerms(delta, markers, markers && delta && features.contains(XdsServer.COMMITS), order);
    }

    private static <Q extends com.google.protobuf.Message> MethodDescriptor<Q, ResponseFrame> bound(
            MethodDescriptor<Q, ?> generated, Q prototype) {
        return bound(generated, ProtoUtils.marshaller(prototype));
    }

    private static <Q> MethodDescriptor<Q, ResponseFrame> bound(
            MethodDescriptor<?, ?> generated, MethodDescriptor.Marshaller<Q> reading) {
        return MethodDescriptor.<Q, ResponseFrame>newBuilder()
                .setType(generated.getType())
                .setFullMethodName(generated.getFullMethodName())
                .setRequestMarshaller(reading)
                .setResponseMarshaller(new FrameMarshaller())
                .build();
    }
}
