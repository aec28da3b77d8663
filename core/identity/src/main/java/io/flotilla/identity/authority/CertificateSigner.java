package io.flotilla.identity.authority;

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

/** Writes X.509 v3 certificates (RFC 5280) and signs them by ECDSA with SHA-256. */
final class CertificateSigner {
    private static final int KEY_ID_BYTES = 20;
    private static final int DIGITAL_SIGNATURE = 0x80;
    private static final int KEY_ENCIPHERMENT = 0x20;
    private static final int SIGN_CERTIFICATES_AND_CRLS = 0x06;

    private CertificateSigner() {}

    /**
     * One certificate.
     *
     * @param issuer    the signer's name, encoded
     * @param issuerKey the signer's key, named in the certificate by its hash
     */
    static X509Certificate sign(
            CertificateTemplate template, byte[] issuer, PublicKey issuerKey, PrivateKey key, SecureRandom random) {
        byte[] algorithm = Der.sequence(Der.oid(Oids.ECDSA_SHA256));
        byte[] body = Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)),
                Der.integer(template.serial()),
                algorithm,
                issuer,
                Der.sequence(
                        Der.time(template.validity().notBefore()),
                        Der.time(template.validity().notAfter())),
                name(template.subject()),
                template.publicKey().key().getEncoded(),
                Der.explicit(3, extensions(template, issuerKey)));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key, random);
            signature.update(body);
            byte[] certificate = Der.sequence(body, algorithm, Der.bits(signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate: " + e.getMessage(), e);
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

    private static byte[] extensions(CertificateTemplate template, PublicKey issuerKey) {
        CertificateTemplate.Holder holder = template.publicKey();
        List<byte[]> all = new ArrayList<>();
        all.add(critical(Oids.KEY_USAGE, Der.namedBits(usage(holder))));
        if (!holder.authority()) {
            all.add(plain(Oids.EXTENDED_KEY_USAGE, Der.sequence(Der.oid(Oids.SERVER_AUTH), Der.oid(Oids.CLIENT_AUTH))));
        }
        all.add(critical(Oids.BASIC_CONSTRAINTS, holder.authority() ? Der.sequence(Der.yes()) : Der.sequence()));
        all.add(plain(Oids.SUBJECT_KEY_ID, Der.octets(keyId(holder.key()))));
        all.add(plain(Oids.AUTHORITY_KEY_ID, Der.sequence(Der.implicit(0, keyId(issuerKey)))));
        byte[] names = SubjectNames.encode(template.uris(), template.dnsNames());
        boolean nameless = template.subject().equals(CertificateTemplate.Subject.NONE);
        all.add(nameless ? critical(Oids.SUBJECT_ALT_NAME, names) : plain(Oids.SUBJECT_ALT_NAME, names));
        return Der.sequence(all.toArray(byte[][]::new));
    }

    private static int usage(CertificateTemplate.Holder holder) {
        if (holder.authority()) {
            return SIGN_CERTIFICATES_AND_CRLS;
        }
        return holder.key().getAlgorithm().equals("RSA") ? DIGITAL_SIGNATURE | KEY_ENCIPHERMENT : DIGITAL_SIGNATURE;
    }

    private static byte[] critical(String oid, byte[] content) {
        return Der.sequence(Der.oid(oid), Der.yes(), Der.octets(content));
    }

    private static byte[] plain(String oid, byte[] content) {
        return Der.sequence(Der.oid(oid), Der.octets(content));
    }

    /** The leftmost 160 bits of the SHA-256 of the key's bit string (RFC 7093, method 1). */
    private static byte[] keyId(PublicKey key) {
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
