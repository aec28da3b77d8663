package io.flotilla.citadel;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.identity.authority.Certificates;
import io.grpc.CallCredentials;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An Envoy's SDS stream, by hand. */
final class SecretStream implements StreamObserver<DeltaDiscoveryResponse>, AutoCloseable {
    private static final String COMPLETED = "completed";
    private static final int LIMIT_SECONDS = 60;

    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final StreamObserver<DeltaDiscoveryRequest> requests;

    SecretStream(Channel channel, String token) {
        requests = SecretDiscoveryServiceGrpc.newStub(channel)
                .withCallCredentials(new Bearer(token))
                .deltaSecrets(this);
    }

    void subscribe(Map<String, String> held, String... names) {
        requests.onNext(DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(TypeUrls.SECRET)
                .addAllResourceNamesSubscribe(List.of(names))
                .putAllInitialResourceVersions(held)
                .build());
    }

    /** The next resource, acknowledged. */
    Resource next() throws Exception {
        Object event = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (event instanceof DeltaDiscoveryResponse response) {
            requests.onNext(DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(TypeUrls.SECRET)
                    .setResponseNonce(response.getNonce())
                    .build());
            return response.getResources(0);
        }
        throw new AssertionError("no response but " + event);
    }

    Status failure() throws InterruptedException {
        Object event = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (event instanceof Throwable failure) {
            return Status.fromThrowable(failure);
        }
        throw new AssertionError("no failure but " + event);
    }

    /** Whether the next thing is the end, without an error. */
    boolean endsQuietly() throws InterruptedException {
        return COMPLETED.equals(events.poll(LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    static X509Certificate leaf(Resource resource) throws Exception {
        Secret secret = resource.getResource().unpack(Secret.class);
        return Certificates.parse(secret.getTlsCertificate()
                        .getCertificateChain()
                        .getInlineBytes()
                        .toStringUtf8())
                .orElseThrow()
                .getFirst();
    }

    @Override
    public void onNext(DeltaDiscoveryResponse response) {
        events.add(response);
    }

    @Override
    public void onError(Throwable failure) {
        events.add(failure);
    }

    @Override
    public void onCompleted() {
        events.add(COMPLETED);
    }

    @Override
    public void close() {
        requests.onCompleted();
    }

    static final class Bearer extends CallCredentials {
        private final String token;

        Bearer(String token) {
            this.token = token;
        }

        @Override
        public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
            Metadata headers = new Metadata();
            if (!token.isEmpty()) {
                headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
            }
            applier.apply(headers);
        }
    }
}
