package io.flotilla.envoy.authz;

import com.google.rpc.Status;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** An authorizer outside that speaks gRPC: a server that does as a test says, and keeps what it was asked. */
final class OutsideGrpc implements AutoCloseable {
    private static final int PERMISSION_DENIED = 7;

    private final List<CheckRequest> asked = new CopyOnWriteArrayList<>();
    private final Server server;
    private volatile Behaviour behaviour = request -> permit();

    /** How it answers; null for never. */
    @FunctionalInterface
    interface Behaviour {
        @org.jspecify.annotations.Nullable
        CheckResponse answer(CheckRequest request);
    }

    private final class Service extends AuthorizationGrpc.AuthorizationImplBase {
        @Override
        public void check(CheckRequest request, StreamObserver<CheckResponse> response) {
            asked.add(request);
            CheckResponse answer = behaviour.answer(request);
            if (answer != null) {
                response.onNext(answer);
                response.onCompleted();
            }
        }
    }

    OutsideGrpc() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Service())
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    /** From now on it answers so. */
    void behave(Behaviour other) {
        behaviour = other;
        asked.clear();
    }

    /** What it was asked since it behaves so. */
    List<CheckRequest> asked() {
        return List.copyOf(asked);
    }

    static CheckResponse permit() {
        return CheckResponse.newBuilder().setStatus(Status.getDefaultInstance()).build();
    }

    static CheckResponse refuse(DeniedHttpResponse how) {
        return CheckResponse.newBuilder()
                .setStatus(Status.newBuilder().setCode(PERMISSION_DENIED))
                .setDeniedResponse(how)
                .build();
    }

    static CheckResponse refuse() {
        return CheckResponse.newBuilder()
                .setStatus(Status.newBuilder().setCode(PERMISSION_DENIED))
                .build();
    }

    /** Ends it, and with it every connection to it. */
    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
