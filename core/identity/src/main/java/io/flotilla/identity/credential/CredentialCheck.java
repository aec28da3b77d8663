package io.flotilla.identity.credential;

import io.flotilla.identity.Pem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a credential can be served. A certificate and a key that do not belong together are common for a moment
 * while both are replaced, and Envoy would refuse them.
 */
public final class CredentialCheck {
    private CredentialCheck() {}

    /** What is wrong; empty if it can be served. */
    public static Optional<String> problem(TlsCredential credential) {
        boolean hasChain = !credential.chain().isEmpty();
        boolean hasKey = !credential.key().isEmpty();
        if (hasChain != hasKey) {
            return Optional.of(hasChain ? "it has a certificate but no key" : "it has a key but no certificate");
        }
        if (!hasChain && credential.authority().isEmpty()) {
            return Optional.of("it has neither a certificate nor an authority");
        }
        try {
            if (!credential.authority().isEmpty()) {
                certificates(credential.authority());
            }
            return hasChain && !belongTogether(certificates(credential.chain()), credential.key())
                    ? Optional.of("key and certificate do not belong together")
                    : Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.of("it cannot be read: " + e.getMessage());
        }
    }

    private static List<Certificate> certificates(String pem) throws GeneralSecurityException {
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("no PEM certificate");
        }
        return List.copyOf(certificates);
    }

    private static boolean belongTogether(List<Certificate> chain, String keyPem) throws GeneralSecurityException {
        List<Pem.Block> keys =
                Pem.decode(keyPem).orElseThrow(() -> new GeneralSecurityException("the key is no PEM")).stream()
                        .filter(block -> block.label().endsWith("PRIVATE KEY"))
                        .toList();
        if (keys.isEmpty()) {
            throw new GeneralSecurityException("the key file has no private key");
        }
        // PKCS#1 and SEC 1 keys, which the JDK cannot read, are left to Envoy.
        return !keys.getFirst().label().equals("PRIVATE KEY")
                || signs(keys.getFirst().der(), chain.getFirst().getPublicKey());
    }

    private static boolean signs(byte[] pkcs8, PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        PrivateKey key =
                KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        byte[] probe = "do these belong together".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(probe);
        return signature.verify(signed);
    }
}
