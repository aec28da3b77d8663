package io.flotilla.identity.authority;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.TrustDomain;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A signing certificate with its key. It prints without the key. */
public final class Authority {
    private static final int SIGNS_CERTIFICATES = 5;

    private final X509Certificate certificate;
    private final PrivateKey key;

    private Authority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** A new self-signed root on P-256: the organization is the trust domain, as ever. */
    public static Authority selfSigned(TrustDomain domain, Instant now, Duration life, SecureRandom random) {
        KeyPair pair = KeyForms.generate(random);
        CertificateTemplate.Subject subject = new CertificateTemplate.Subject(domain.name(), "Flotilla root");
        CertificateTemplate template = new CertificateTemplate(
                Certificates.serial(random),
                subject,
                List.of(domain.uri()),
                List.of(),
                new CertificateTemplate.Validity(now, now.plus(life)),
                new CertificateTemplate.Holder(pair.getPublic(), true));
        X509Certificate certificate = CertificateSigner.sign(
                template, CertificateSigner.name(subject), pair.getPublic(), pair.getPrivate(), random);
        return new Authority(certificate, pair.getPrivate());
    }

    /**
     * The authority of a certificate and a PKCS#8 key in PEM. Empty where either is malformed, the certificate may not
     * sign others or is not for an EC key, or the key is not its key.
     */
    public static Optional<Authority> parse(String certificatePem, String keyPem) {
        Optional<X509Certificate> certificate =
                Certificates.parse(certificatePem).map(List::getFirst).filter(Authority::signsCertificates);
        Optional<PrivateKey> key = KeyForms.parsePrivate(keyPem);
        if (certificate.isEmpty()
                || key.isEmpty()
                || !KeyForms.belongTogether(key.get(), certificate.get().getPublicKey())) {
            return Optional.empty();
        }
        return Optional.of(new Authority(certificate.get(), key.get()));
    }

    private static boolean signsCertificates(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return certificate.getBasicConstraints() >= 0
                && usage != null
                && usage[SIGNS_CERTIFICATES]
                && !Set.of("RSA", "DSA").contains(certificate.getPublicKey().getAlgorithm());
    }

    /** Signs what the template says. */
    public X509Certificate sign(CertificateTemplate template, SecureRandom random) {
        byte[] issuer = certificate.getSubjectX500Principal().getEncoded();
        return CertificateSigner.sign(template, issuer, certificate.getPublicKey(), key, random);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** When it ends: nothing that it signs may live longer. */
    public Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }

    /** SHA-256 of the certificate, in hexadecimal. */
    public String fingerprint() {
        return Certificates.fingerprint(certificate);
    }

    public String certificatePem() {
        return Certificates.pem(List.of(certificate));
    }

    /** The key in PKCS#8 PEM: for a file that nobody else reads. */
    public String keyPem() {
        return KeyForms.privatePem(key);
    }

    /** The key's encoding, to derive other keys from; never to be stored. */
    public byte[] keyMaterial() {
        return key.getEncoded().clone();
    }

    @Override
    public String toString() {
        return "authority " + fingerprint();
    }
}
