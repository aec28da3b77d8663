package io.flotilla.identity.authority;

import io.flotilla.identity.SignatureKind;
import io.flotilla.identity.der.Der;
import io.flotilla.identity.der.DerReader;
import io.flotilla.identity.der.MalformedDer;
import io.flotilla.identity.der.Oids;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes X.509 v3 certificates (RFC 5280) and signs them by ECDSA or RSA, as the key is. */
final class CertificateSigner {
    private static final int KEY_ID_BYTES = 20;
    private static final int DIGITAL_SIGNATURE = 0x80;
    private static final int KEY_ENCIPHERMENT = 0x20;
    private static final int SIGN_CERTIFICATES_AND_CRLS = 0x06;
    private static final byte[] KEY_USAGE = Der.oid(Oids.KEY_USAGE);
    private static final byte[] BASIC_CONSTRAINTS = Der.oid(Oids.BASIC_CONSTRAINTS);
    private static final byte[] SUBJECT_KEY_ID = Der.oid(Oids.SUBJECT_KEY_ID);
    private static final byte[] AUTHORITY_KEY_ID = Der.oid(Oids.AUTHORITY_KEY_ID);
    private static final byte[] SUBJECT_ALT_NAME = Der.oid(Oids.SUBJECT_ALT_NAME);
    private static final byte[] BOTH_SIDES_OF_TLS =
            plain(Der.oid(Oids.EXTENDED_KEY_USAGE), Der.sequence(Der.oid(Oids.SERVER_AUTH), Der.oid(Oids.CLIENT_AUTH)));

    private CertificateSigner() {}

    /**
     * Who signs.
     *
     * @param name  the subject of its certificate, encoded
     * @param key   its public key
     * @param keyId how its own certificate names that key
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier between two lines of code: never compared
    record Issuer(byte[] name, PublicKey key, byte[] keyId) {
        static Issuer of(X509Certificate certificate) {
            return new Issuer(
                    certificate.getSubjectX500Principal().getEncoded(), certificate.getPublicKey(), idOf(certificate));
        }

        static Issuer of(CertificateTemplate.Subject subject, PublicKey key) {
            return new Issuer(CertificateSigner.name(subject), key, CertificateSigner.keyId(key));
        }

        /** The certificate's own word counts (RFC 5280, 4.2.1.1): other authorities hash their keys in other ways. */
        private static byte[] idOf(X509Certificate certificate) {
            byte[] extension = certificate.getExtensionValue(Oids.SUBJECT_KEY_ID);
            try {
                return extension == null
                        ? CertificateSigner.keyId(certificate.getPublicKey())
                        : new DerReader(new DerReader(extension).octets()).octets();
            } catch (MalformedDer e) {
                throw new IllegalArgumentException("signing certificate with a malformed key identifier", e);
            }
        }
    }

    /** One certificate. */
    static X509Certificate sign(CertificateTemplate template, Issuer issuer, PrivateKey key, SecureRandom random) {
        byte[] algorithm = SignatureKind.usual(issuer.key()).identifier();
        byte[] body = Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)),
                Der.integer(template.serial()),
                algorithm,
                issuer.name(),
                Der.sequence(
                        Der.time(template.validity().notBefore()),
                        Der.time(template.validity().notAfter())),
                name(template.subject()),
                template.publicKey().key().getEncoded(),
                Der.explicit(3, extensions(template, issuer)));
        byte[] certificate = Der.sequence(body, algorithm, Der.bits(signature(body, issuer.key(), key, random)));
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot read a certificate that was just made: " + e.getMessage(), e);
        }
    }

    static byte[] signature(byte[] content, PublicKey issuerKey, PrivateKey key, SecureRandom random) {
        try {
            Signature signature =
                    Signature.getInstance(SignatureKind.usual(issuerKey).algorithm());
            signature.initSign(key, random);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign: " + e.getMessage(), e);
        }
    }

    static byte[] name(CertificateTemplate.Subject subject) {
        List<byte[]> parts = new ArrayList<>();
        if (!subject.organization().isEmpty()) {
            parts.add(attribute(Oids.ORGANIZATION, subject.organization()));
        }
        if (!subject.commonName().isEmpty()) {
            parts.add(attribute(Oids.COMMON_NAME, subject.commonName()));
        }
        return Der.sequence(parts.toArray(byte[][]::new));
    }

    private static byte[] attribute(String oid, String text) {
        return Der.setOf(Der.sequence(Der.oid(oid), Der.utf8(text)));
    }

    private static byte[] extensions(CertificateTemplate template, Issuer issuer) {
        CertificateTemplate.Holder holder = template.publicKey();
        List<byte[]> all = new ArrayList<>();
        all.add(critical(KEY_USAGE, Der.namedBits(usage(holder))));
        if (!holder.authority()) {
            all.add(BOTH_SIDES_OF_TLS);
        }
        all.add(critical(BASIC_CONSTRAINTS, constraints(holder)));
        all.add(plain(SUBJECT_KEY_ID, Der.octets(keyId(holder.key()))));
        all.add(plain(AUTHORITY_KEY_ID, Der.sequence(Der.implicit(0, issuer.keyId()))));
        if (template.uris().isEmpty() && template.dnsNames().isEmpty()) {
            return Der.sequence(all.toArray(byte[][]::new));
        }
        byte[] names = SubjectNames.encode(template.uris(), template.dnsNames());
        boolean nameless = template.subject().equals(CertificateTemplate.Subject.NONE);
        all.add(nameless ? critical(SUBJECT_ALT_NAME, names) : plain(SUBJECT_ALT_NAME, names));
        return Der.sequence(all.toArray(byte[][]::new));
    }

    private static byte[] constraints(CertificateTemplate.Holder holder) {
        if (!holder.authority()) {
            return Der.sequence();
        }
        return holder.pathLength() == CertificateTemplate.Holder.ANY_LENGTH
                ? Der.sequence(Der.yes())
                : Der.sequence(Der.yes(), Der.integer(BigInteger.valueOf(holder.pathLength())));
    }

    private static int usage(CertificateTemplate.Holder holder) {
        if (holder.authority()) {
            return SIGN_CERTIFICATES_AND_CRLS;
        }
        return holder.key().getAlgorithm().equals("RSA") ? DIGITAL_SIGNATURE | KEY_ENCIPHERMENT : DIGITAL_SIGNATURE;
    }

    private static byte[] critical(byte[] oid, byte[] content) {
        return Der.sequence(oid, Der.yes(), Der.octets(content));
    }

    private static byte[] plain(byte[] oid, byte[] content) {
        return Der.sequence(oid, Der.octets(content));
    }

    /** The leftmost 160 bits of the SHA-256 of the key's bit string (RFC 7093, method 1). */
    static byte[] keyId(PublicKey key) {
        try {
            DerReader info = new DerReader(key.getEncoded()).sequence().inside();
            info.sequence();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(info.bits());
            return Arrays.copyOf(hash, KEY_ID_BYTES);
        } catch (MalformedDer | GeneralSecurityException e) {
            throw new IllegalArgumentException("public key without a proper encoding", e);
        }
    }
}
