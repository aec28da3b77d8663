package io.flotilla.service;

import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateResponse;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.fixtures.base.FreePort;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrOutcome;
import io.flotilla.identity.csr.CsrReader;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Signs for Pilot whoever asks, and remembers with which tokens it was asked. */
final class FakeCitadel extends IstioCertificateServiceGrpc.IstioCertificateServiceImplBase
        implements ServerInterceptor, AutoCloseable {
    private static final ServiceAccount CITADEL = new ServiceAccount("istio-system", "istio-citadel-service-account");

    final BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
    private final TestRoot root;
    private final Duration life;
    private final Server server;
    private final int port;

    FakeCitadel(TestRoot root, Duration life, int port) throws IOException {
        this.root = root;
        this.life = life;
        IdentityMaterial own = root.material(CITADEL, IdentitySettings.CITADEL_NAME, Duration.ofMinutes(10));
        server = GrpcServers.builder("127.0.0.1", port, MeshTls.server(() -> Optional.of(own), ClientAuth.NONE))
                .addService(this)
                .intercept(this)
                .build()
                .start();
        this.port = server.getPort();
    }

    int port() {
        return port;
    }

    @Override
    public void createCertificate(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> answer) {
        if (!(CsrReader.read(request.getCsr()) instanceof CsrOutcome.Read read)) {
            answer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
            return;
        }
        X509Certificate leaf =
                root.leaf(read.request().publicKey(), TestRoot.PILOT, List.of("istio-pilot.istio-system.svc"), life);
        answer.onNext(IstioCertificateResponse.newBuilder()
                .addCertChain(Certificates.pem(List.of(leaf)))
                .addCertChain(root.authority.certificatePem())
                .build());
        answer.onCompleted();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        tokens.add(String.valueOf(headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER))));
        return next.startCall(call, headers);
    }

    @Override
    public void close() {
        try {
            server.shutdownNow().awaitTermination();
            FreePort.awaitFree(port);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
