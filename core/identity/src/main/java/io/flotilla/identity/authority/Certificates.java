package io.flotilla.identity.authority;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.Pem;
import io.flotilla.identity.SpiffeId;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Certificates as text and as names. */
public final class Certificates {
    private static final int SERIAL_BITS = 127;
    private static final int URI = 6;
    private static final int DNS = 2;

    private Certificates() {}

    /** PEM blocks, in order. */
    public static String pem(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        chain.forEach(certificate -> text.append(Pem.encode("CERTIFICATE", encoded(certificate))));
        return text.toString();
    }

    /** Every CERTIFICATE block of a text; empty where there is none, or one is malformed. */
    public static Optional<List<X509Certificate>> parse(String pem) {
        List<X509Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Pem.Block block : Pem.decode(pem).orElse(List.of())) {
                if (block.label().equals("CERTIFICATE")) {
                    all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
                }
            }
        } catch (CertificateException e) {
            return Optional.empty();
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(all));
    }

    /** A positive serial number of 127 random bits at most. */
    public static BigInteger serial(SecureRandom random) {
        BigInteger serial = new BigInteger(SERIAL_BITS, random);
        return serial.signum() == 0 ? BigInteger.ONE : serial;
    }

    /** The URI names. */
    public static List<String> uris(X509Certificate certificate) {
        return Names.of(certificate).uris();
    }

    /** The DNS names. */
    public static List<String> dnsNames(X509Certificate certificate) {
        return Names.of(certificate).dnsNames();
    }

    /**
     * The alternative names, read once.
     *
     * @param count of any kind; {@link Integer#MAX_VALUE} where they cannot be read
     */
    record Names(List<String> uris, List<String> dnsNames, int count) {
        static Names of(X509Certificate certificate) {
            try {
                Collection<List<?>> all = certificate.getSubjectAlternativeNames();
                return all == null
                        ? new Names(List.of(), List.of(), 0)
                        : new Names(ofKind(all, URI), ofKind(all, DNS), all.size());
            } catch (CertificateParsingException e) {
                return new Names(List.of(), List.of(), Integer.MAX_VALUE);
            }
        }

        private static List<String> ofKind(Collection<List<?>> all, int kind) {
            List<String> found = new ArrayList<>(1);
            for (List<?> name : all) {
                if (Integer.valueOf(kind).equals(name.get(0))) {
                    found.add(String.valueOf(name.get(1)));
                }
            }
            return List.copyOf(found);
        }
    }

    /** The workload's identity: the only URI name, if it is one. */
    public static Optional<SpiffeId> spiffeId(X509Certificate certificate) {
        List<String> uris = uris(certificate);
        return uris.size() == 1 ? SpiffeId.parse(uris.getFirst()) : Optional.empty();
    }

    /** SHA-256 of the certificate, in hexadecimal. */
    public static String fingerprint(X509Certificate certificate) {
        return KeyForms.fingerprint(encoded(certificate));
    }

    /** The serial number in lower-case hexadecimal, as logs and Envoy write it. */
    public static String serialOf(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate without an encoding", e);
        }
    }
}
