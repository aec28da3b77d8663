package io.flotilla.identity.csr;

import io.flotilla.identity.Pem;
import io.flotilla.identity.csr.CsrOutcome.Reason;
import io.flotilla.identity.csr.CsrOutcome.Refused;
import io.flotilla.identity.der.Der;
import io.flotilla.identity.der.DerReader;
import io.flotilla.identity.der.MalformedDer;
import io.flotilla.identity.der.Oids;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a PKCS#10 request (RFC 2986) without trust and checks that its sender holds the private key. */
public final class CsrReader {
    /** A request with an 8192 bit RSA key needs less than 4,000 characters. */
    public static final int MAX_PEM_CHARS = 16 * 1024;

    private static final int ATTRIBUTES_TAG = 0xa0;
    private static final List<SignatureKind> SIGNATURES = List.of(
            new SignatureKind(Oids.ECDSA_SHA256, "SHA256withECDSA", "EC"),
            new SignatureKind(Oids.ECDSA_SHA384, "SHA384withECDSA", "EC"),
            new SignatureKind(Oids.ECDSA_SHA512, "SHA512withECDSA", "EC"),
            new SignatureKind(Oids.RSA_SHA256, "SHA256withRSA", "RSA"),
            new SignatureKind(Oids.RSA_SHA384, "SHA384withRSA", "RSA"),
            new SignatureKind(Oids.RSA_SHA512, "SHA512withRSA", "RSA"));

    private CsrReader() {}

    private record SignatureKind(String oid, String algorithm, String keyKind) {}

    /** One PEM block named CERTIFICATE REQUEST (or NEW CERTIFICATE REQUEST), and nothing else that is PEM. */
    public static CsrOutcome read(String pem) {
        if (pem.length() > MAX_PEM_CHARS) {
            return new Refused(
                    Reason.TOO_LARGE, "request has " + pem.length() + " characters, more than " + MAX_PEM_CHARS);
        }
        List<Pem.Block> blocks = Pem.decode(pem).orElse(List.of());
        if (blocks.size() != 1 || !blocks.getFirst().label().endsWith("CERTIFICATE REQUEST")) {
            return new Refused(Reason.MALFORMED, "request is not one PEM block CERTIFICATE REQUEST");
        }
        try {
            return parse(blocks.getFirst().der());
        } catch (MalformedDer e) {
            return new Refused(Reason.MALFORMED, "request is not PKCS#10: " + e.getMessage());
        }
    }

    private static CsrOutcome parse(byte[] der) throws MalformedDer {
        DerReader outer = new DerReader(der);
        DerReader request = outer.sequence().inside();
        outer.end();
        DerReader.Value info = request.sequence();
        DerReader algorithm = request.sequence().inside();
        byte[] signatureOid = algorithm.oid();
        byte[] signature = request.bits();
        request.end();

        DerReader fields = info.inside();
        if (!fields.integer().equals(BigInteger.ZERO)) {
            throw new MalformedDer("version is not 0");
        }
        fields.sequence();
        DerReader.Value keyInfo = fields.sequence();
        if (!fields.atEnd() && fields.next().tag() != ATTRIBUTES_TAG) {
            throw new MalformedDer("attributes are not where they belong");
        }
        fields.end();

        Optional<PublicKey> key = PublicKeys.read(keyInfo);
        if (key.isEmpty()) {
            return new Refused(
                    Reason.KEY_NOT_ALLOWED,
                    "key is neither EC on P-256, P-384 or P-521 nor RSA of " + PublicKeys.MIN_RSA_BITS + " to "
                            + PublicKeys.MAX_RSA_BITS + " bits");
        }
        SignatureKind kind = kindOf(signatureOid, key.get());
        if (kind == null) {
            return new Refused(
                    Reason.SIGNATURE_NOT_ALLOWED, "signature is not SHA-256, SHA-384 or SHA-512 with the key's kind");
        }
        return isBy(key.get(), kind, info.encoded(), signature)
                ? new CsrOutcome.Read(new CertificateRequest(key.get()))
                : new Refused(Reason.NO_PROOF, "request is not signed by the key that it holds");
    }

    private static @Nullable SignatureKind kindOf(byte[] oid, PublicKey key) {
        return SIGNATURES.stream()
                .filter(kind -> Arrays.equals(Der.oid(kind.oid()), oid)
                        && kind.keyKind().equals(key.getAlgorithm()))
                .findFirst()
                .orElse(null);
    }

    private static boolean isBy(PublicKey key, SignatureKind kind, byte[] signed, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(kind.algorithm());
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
