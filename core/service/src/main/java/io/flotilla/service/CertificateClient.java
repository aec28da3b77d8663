package io.flotilla.service;

import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateResponse;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrBuilder;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks Citadel for a certificate, once: a new key, a request, an answer that is checked. Blocks. */
final class CertificateClient {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final int DEADLINE_SECONDS = 10;

    private final IdentitySettings settings;
    private final SecureRandom random;

    CertificateClient(IdentitySettings settings, SecureRandom random) {
        this.settings = settings;
        this.random = random;
    }

    /** No certificate this time, and why. */
    static final class NoCertificate extends Exception {
        private static final long serialVersionUID = 1L;

        NoCertificate(String message) {
            super(message);
        }
    }

    /** The roots as the file has them now. */
    List<X509Certificate> roots() throws NoCertificate {
        try {
            return Certificates.parse(Files.readString(settings.rootFile()))
                    .orElseThrow(() -> new NoCertificate("no certificate in root file " + settings.rootFile()));
        } catch (IOException e) {
            throw new NoCertificate("cannot read root file " + settings.rootFile());
        }
    }

    IdentityMaterial fetch() throws NoCertificate {
        List<X509Certificate> roots = roots();
        String token = token();
        KeyPair pair = KeyForms.generate(random);
        String csr = CsrBuilder.build(pair, List.of(), settings.dnsNames(), random);
        HostPort address = HostPort.parse(settings.citadel());
        ManagedChannel channel = GrpcChannels.tls(address, settings.citadelName(), MeshTls.anonymousClient(roots))
                .build();
        try {
            Metadata headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + token);
            IstioCertificateResponse answer = IstioCertificateServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .createCertificate(IstioCertificateRequest.newBuilder()
                            .setCsr(csr)
                            .setValidityDuration(settings.lifetime().toSeconds())
                            .build());
            return check(answer, pair, roots);
        } catch (StatusRuntimeException e) {
            throw new NoCertificate("citadel " + settings.citadel() + ": "
                    + e.getStatus().getCode() + " " + e.getStatus().getDescription() + cause(e));
        } finally {
            channel.shutdownNow();
        }
    }

    private static String cause(StatusRuntimeException e) {
        Throwable cause = e.getStatus().getCause();
        return cause == null ? "" : " (" + cause.getMessage() + ")";
    }

    private String token() throws NoCertificate {
        try {
            return Files.readString(settings.tokenFile()).strip();
        } catch (IOException e) {
            throw new NoCertificate("cannot read token file " + settings.tokenFile());
        }
    }

    private static IdentityMaterial check(IstioCertificateResponse answer, KeyPair pair, List<X509Certificate> roots)
            throws NoCertificate {
        List<X509Certificate> chain = Certificates.parse(String.join("\n", answer.getCertChainList()))
                .orElseThrow(() -> new NoCertificate("citadel answered with no certificate"));
        X509Certificate leaf = chain.getFirst();
        if (!leaf.getPublicKey().equals(pair.getPublic())) {
            throw new NoCertificate("citadel answered with a certificate for another key");
        }
        SpiffeId id = Certificates.spiffeId(leaf)
                .orElseThrow(() -> new NoCertificate("citadel answered with a certificate without SPIFFE id"));
        List<X509Certificate> shown = withoutRoot(chain);
        if (!vouchedFor(shown, roots)) {
            throw new NoCertificate("the roots do not vouch for the certificate that citadel answered with");
        }
        return new IdentityMaterial(id, pair.getPrivate(), shown, roots);
    }

    private static boolean vouchedFor(List<X509Certificate> chain, List<X509Certificate> roots) {
        return roots.stream().anyMatch(root -> {
            try {
                chain.getLast().verify(root.getPublicKey());
                return true;
            } catch (GeneralSecurityException e) {
                return false;
            }
        });
    }

    /** The answer ends in the root, which is of no use in a handshake. */
    private static List<X509Certificate> withoutRoot(List<X509Certificate> chain) {
        X509Certificate last = chain.getLast();
        boolean selfSigned = last.getSubjectX500Principal().equals(last.getIssuerX500Principal());
        return chain.size() > 1 && selfSigned ? chain.subList(0, chain.size() - 1) : chain;
    }
}
