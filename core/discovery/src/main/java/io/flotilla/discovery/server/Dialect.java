package io.flotilla.discovery.server;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.flotilla.discovery.wire.FrameMarshaller;
import io.flotilla.discovery.wire.ResponseFrame;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.util.function.Function;

/**
 * How the requests of one method are read.
 *
 * @param method as it is bound: generated requests, frames as responses
 * @param delta  incremental instead of state of the world
 * @param once   whether the first response ends the call (Fetch)
 * @param order  of the types
 */
record Dialect<Q>(
        MethodDescriptor<Q, ResponseFrame> method,
        boolean delta,
        boolean once,
        DeliveryOrder order,
        Function<Q, Ask> reading,
        Function<Q, Node> nodes) {

    static Dialect<DiscoveryRequest> world(
            MethodDescriptor<DiscoveryRequest, ?> generated, boolean once, DeliveryOrder order) {
        return new Dialect<>(
                bound(generated, DiscoveryRequest.getDefaultInstance()),
                false,
                once,
                order,
                Ask::of,
                DiscoveryRequest::getNode);
    }

    static Dialect<DeltaDiscoveryRequest> delta(
            MethodDescriptor<DeltaDiscoveryRequest, ?> generated, DeliveryOrder order) {
        return new Dialect<>(
                bound(generated, DeltaDiscoveryRequest.getDefaultInstance()),
                true,
                false,
                order,
                Ask::of,
                DeltaDiscoveryRequest::getNode);
    }

    Ask ask(Q request) {
        return reading.apply(request);
    }

    Node node(Q request) {
        return nodes.apply(request);
    }

    boolean markers(Q request) {
        return node(request).getClientFeaturesList().contains(XdsServer.MARKERS);
    }

    private static <Q extends com.google.protobuf.Message> MethodDescriptor<Q, ResponseFrame> bound(
            MethodDescriptor<Q, ?> generated, Q prototype) {
        return MethodDescriptor.<Q, ResponseFrame>newBuilder()
                .setType(generated.getType())
                .setFullMethodName(generated.getFullMethodName())
                .setRequestMarshaller(ProtoUtils.marshaller(prototype))
                .setResponseMarshaller(new FrameMarshaller())
                .build();
    }
}
