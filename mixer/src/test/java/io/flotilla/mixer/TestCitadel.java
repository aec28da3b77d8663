package io.flotilla.mixer;

import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateResponse;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrOutcome;
import io.flotilla.identity.csr.CsrReader;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.GrpcServers;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.IdentitySettings;
import io.flotilla.service.MeshTls;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An authority that gives Mixer its certificate by the CSR API, and tests those of pods. */
final class TestCitadel extends IstioCertificateServiceGrpc.IstioCertificateServiceImplBase implements AutoCloseable {
    private static final SpiffeId MIXER = SpiffeId.of("cluster.local", "istio-system", "istio-mixer-service-account");
    private static final List<String> MIXER_NAMES = List.of("istio-telemetry.istio-system.svc");

    private final SecureRandom random = new SecureRandom();
    private final Authority authority = Authority.selfSigned(
            new TrustDomain("cluster.local"), Instant.now().minusSeconds(60), Duration.ofDays(1), random);
    private final Server server;

    /** Listens on a port of loopback. */
    TestCitadel(int port) {
        CurrentIdentity own = identity(
                SpiffeId.of("cluster.local", "istio-system", "istio-citadel-service-account"),
                List.of(IdentitySettings.CITADEL_NAME));
        try {
            server = GrpcServers.builder("127.0.0.1", port, MeshTls.server(own, ClientAuth.OPTIONAL))
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String rootPem() {
        return Certificates.pem(List.of(authority.certificate()));
    }

    /** The identity of a service account's workload. */
    CurrentIdentity identity(SpiffeId id, List<String> dnsNames) {
        KeyPair pair = KeyForms.generate(random);
        IdentityMaterial material = new IdentityMaterial(
                id, pair.getPrivate(), List.of(sign(id, dnsNames, pair.getPublic())), List.of(authority.certificate()));
        return () -> Optional.of(material);
    }

    /** Whoever asks is Mixer. */
    @Override
    public void createCertificate(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> responses) {
        switch (CsrReader.read(request.getCsr())) {
            case CsrOutcome.Read read -> {
                var leaf = sign(MIXER, MIXER_NAMES, read.request().publicKey());
                responses.onNext(IstioCertificateResponse.newBuilder()
                        .addCertChain(Certificates.pem(List.of(leaf)))
                        .addCertChain(rootPem())
                        .build());
                responses.onCompleted();
            }
            case CsrOutcome.Refused refused ->
                responses.onError(Status.INVALID_ARGUMENT
                        .withDescription(refused.message())
                        .asException());
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private X509Certificate sign(SpiffeId id, List<String> dnsNames, PublicKey key) {
        Instant now = Instant.now();
        return authority.sign(
                new CertificateTemplate(
                        Certificates.serial(random),
                        CertificateTemplate.Subject.NONE,
                        List.of(id.uri()),
                        dnsNames,
                        new CertificateTemplate.Validity(now.minusSeconds(60), now.plusSeconds(3_600)),
                        new CertificateTemplate.Holder(key, false)),
                random);
    }
}
