package io.flotilla.bench.ca;

import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateResponse;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrBuilder;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many callers at once ask a running Citadel for certificates, each by its own token, over few connections. Requests
 * and tokens are made before the clock runs.
 */
public final class StormBench {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final int CONNECTIONS = 16;

    private StormBench() {}

    private record Prepared(String csr, String token) {}

    /**
     * The folder with issuer.pem (made where it is missing, with jwks.json for Citadel) and root-cert.pem, the port,
     * and how many.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]);
        LocalTokenIssuer issuer = issuer(folder);
        if (args.length < 2) {
            return;
        }
        int count = args.length > 2 ? Integer.parseInt(args[2]) : 10_000;
        List<Prepared> prepared = prepare(issuer, count);
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            channels.add(NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(args[1]))
                    .overrideAuthority("istio-citadel.istio-system.svc")
                    .sslContext(GrpcSslContexts.forClient()
                            .trustManager(Certificates.parse(Files.readString(folder.resolve("root-cert.pem")))
                                    .orElseThrow())
                            .build())
                    .build());
        }
        for (int round = 0; round < 3; round++) {
            storm(channels, prepared);
        }
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private static LocalTokenIssuer issuer(Path folder) throws IOException {
        Path file = folder.resolve("issuer.pem");
        if (!Files.exists(file)) {
            LocalTokenIssuer made = LocalTokenIssuer.create(new SecureRandom());
            Files.writeString(file, made.pem());
            Files.writeString(folder.resolve("jwks.json"), made.jwks());
        }
        return LocalTokenIssuer.parse(Files.readString(file)).orElseThrow();
    }

    private static List<Prepared> prepare(LocalTokenIssuer issuer, int count) {
        SecureRandom random = new SecureRandom();
        KeyPair pair = KeyForms.generate(random);
        List<Prepared> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LocalTokenIssuer.TokenRequest request = new LocalTokenIssuer.TokenRequest(
                    new ServiceAccount("default", "w" + i), Optional.empty(), "istio-ca", Duration.ofHours(1));
            all.add(new Prepared(
                    CsrBuilder.build(pair, List.of(), List.of(), random), issuer.mint(request, Instant.now(), random)));
        }
        return all;
    }

    private static void storm(List<ManagedChannel> channels, List<Prepared> all) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(all.size());
        AtomicInteger errors = new AtomicInteger();
        long begin = System.nanoTime();
        for (int i = 0; i < all.size(); i++) {
            Metadata headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + all.get(i).token());
            IstioCertificateServiceGrpc.newStub(channels.get(i % channels.size()))
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .createCertificate(
                            IstioCertificateRequest.newBuilder()
                                    .setCsr(all.get(i).csr())
                                    .build(),
                            new Counting(left, errors));
        }
        left.await();
        System.out.printf(
                "%d certificates in %.2f s, %d errors%n", all.size(), (System.nanoTime() - begin) / 1e9, errors.get());
    }

    private record Counting(CountDownLatch left, AtomicInteger errors)
            implements StreamObserver<IstioCertificateResponse> {
        @Override
        public void onNext(IstioCertificateResponse response) {
            if (response.getCertChainCount() < 2) {
                errors.incrementAndGet();
            }
        }

        @Override
        public void onError(Throwable failure) {
            errors.incrementAndGet();
            left.countDown();
        }

        @Override
        public void onCompleted() {
            left.countDown();
        }
    }
}
