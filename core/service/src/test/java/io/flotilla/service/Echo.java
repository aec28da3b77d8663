package io.flotilla.service;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.flotilla.identity.authority.Certificates;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;

/** Answers each message with the serial number of the client's certificate. */
final class Echo extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase
        implements ServerInterceptor {
    private static final Context.Key<String> SERIAL = Context.key("serial");

    static Server start(NettyServerBuilder builder, ServerInterceptor... more) throws IOException {
        Echo echo = new Echo();
        builder.addService(echo).intercept(echo);
        for (ServerInterceptor interceptor : more) {
            builder.intercept(interceptor);
        }
        return builder.build().start();
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(StreamObserver<DiscoveryResponse> answers) {
        String serial = SERIAL.get();
        return new StreamObserver<>() {
            @Override
            public void onNext(DiscoveryRequest request) {
                answers.onNext(
                        DiscoveryResponse.newBuilder().setVersionInfo(serial).build());
            }

            @Override
            public void onError(Throwable failure) {
                answers.onError(failure);
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        boolean plain = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION) == null;
        String serial = PeerIdentity.certificate(call)
                .map(Certificates::serialOf)
                .orElse(plain ? "plaintext" : "no certificate");
        return Contexts.interceptCall(Context.current().withValue(SERIAL, serial), call, headers, next);
    }
}
