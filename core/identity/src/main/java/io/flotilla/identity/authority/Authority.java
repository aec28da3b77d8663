package io.flotilla.identity.authority;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.TrustDomain;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A signing certificate with its key. It prints without the key. */
public final class Authority {
    private static final int SIGNS_CERTIFICATES = 5;

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final CertificateSigner.Issuer issuer;

    private Authority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
        this.issuer = CertificateSigner.Issuer.of(certificate);
    }

    /** A new self-signed root on P-256. */
    public static Authority selfSigned(TrustDomain domain, Instant now, Duration life, SecureRandom random) {
        return selfSigned(domain, now, life, KeyKind.EC_P256, random);
    }

    /** A new self-signed root: the organization is the trust domain, as ever. */
    public static Authority selfSigned(
            TrustDomain domain, Instant now, Duration life, KeyKind kind, SecureRandom random) {
        KeyPair pair = kind.generate(random);
        CertificateTemplate.Subject subject = new CertificateTemplate.Subject(domain.name(), "Flotilla root");
        CertificateTemplate template = new CertificateTemplate(
                Certificates.serial(random),
                subject,
                List.of(domain.uri()),
                List.of(),
                new CertificateTemplate.Validity(now, now.plus(life)),
                new CertificateTemplate.Holder(pair.getPublic(), true));
        X509Certificate certificate = CertificateSigner.sign(
                template, CertificateSigner.Issuer.of(subject, pair.getPublic()), pair.getPrivate(), random);
        return new Authority(certificate, pair.getPrivate());
    }

    /**
     * A new authority below this one, for one process: its key is nowhere else. It may sign leaves only, and ends no
     * later than this one.
     */
    public Authority subordinate(String name, Instant now, Duration life, KeyKind kind, SecureRandom random) {
        KeyPair pair = kind.generate(random);
        Instant end = now.plus(life).isAfter(notAfter()) ? notAfter() : now.plus(life);
        String organization = Certificates.uris(certificate).stream()
                .filter(uri -> uri.startsWith("spiffe://"))
                .map(uri -> uri.substring("spiffe://".length()))
                .findFirst()
                .orElse("");
        CertificateTemplate template = new CertificateTemplate(
                Certificates.serial(random),
                new CertificateTemplate.Subject(organization, name),
                organization.isEmpty() ? List.of() : List.of("spiffe://" + organization),
                List.of(),
                new CertificateTemplate.Validity(now, end),
                new CertificateTemplate.Holder(pair.getPublic(), true, 0));
        return new Authority(sign(template, random), pair.getPrivate());
    }

    /** A certificate that somebody else signed, with the key that was made for it; empty where it may not sign. */
    public static Optional<Authority> of(X509Certificate certificate, PrivateKey key) {
        return signsCertificates(certificate) && KeyForms.belongTogether(key, certificate.getPublicKey())
                ? Optional.of(new Authority(certificate, key))
                : Optional.empty();
    }

    /**
     * The authority of a certificate and its key in PEM. Empty where either is malformed, the certificate may not sign
     * others, its key is weak, or the key is not its key.
     */
    public static Optional<Authority> parse(String certificatePem, String keyPem) {
        return Certificates.parse(certificatePem)
                .map(List::getFirst)
                .flatMap(certificate -> KeyForms.parsePrivate(keyPem).flatMap(key -> of(certificate, key)));
    }

    private static boolean signsCertificates(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return certificate.getBasicConstraints() >= 0
                && usage != null
                && usage[SIGNS_CERTIFICATES]
                && KeyStrength.strong(certificate.getPublicKey());
    }

    /** Signs what the template says. */
    public X509Certificate sign(CertificateTemplate template, SecureRandom random) {
        return CertificateSigner.sign(template, issuer, key, random);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** How its certificate names its key. */
    byte[] keyId() {
        return issuer.keyId();
    }

    /** Signs bytes as it signs certificates: for revocation lists. */
    byte[] signature(byte[] content, SecureRandom random) {
        return CertificateSigner.signature(content, certificate.getPublicKey(), key, random);
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
