package io.flotilla.identity.csr;

import io.flotilla.identity.Pem;
import io.flotilla.identity.SignatureKind;
import io.flotilla.identity.csr.CsrOutcome.Reason;
import io.flotilla.identity.csr.CsrOutcome.Refused;
import io.flotilla.identity.der.DerReader;
import io.flotilla.identity.der.MalformedDer;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;
import java.util.Optional;

/** Reads a PKCS#10 request (RFC 2986) without trust and checks that its sender holds the private key. */
public final class CsrReader {
    /** A request with an 8192 bit RSA key needs less than 4,000 characters. */
    public static final int MAX_PEM_CHARS = 16 * 1024;

    private static final int ATTRIBUTES_TAG = 0xa0;

    private CsrReader() {}

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
        Wishes wishes = fields.atEnd() ? Wishes.NONE : RequestedExtensions.read(attributes(fields));
        fields.end();

        Optional<PublicKey> key = PublicKeys.read(keyInfo);
        if (key.isEmpty()) {
            return new Refused(
                    Reason.KEY_NOT_ALLOWED,
                    "key is neither EC on P-256, P-384 or P-521 nor RSA of " + PublicKeys.MIN_RSA_BITS + " to "
                            + PublicKeys.MAX_RSA_BITS + " bits");
        }
        Optional<SignatureKind> kind = SignatureKind.of(signatureOid, key.get());
        if (kind.isEmpty()) {
            return new Refused(
                    Reason.SIGNATURE_NOT_ALLOWED, "signature is not SHA-256, SHA-384 or SHA-512 with the key's kind");
        }
        if (!isBy(key.get(), kind.get(), info.encoded(), signature)) {
            return new Refused(Reason.NO_PROOF, "request is not signed by the key that it holds");
        }
        return wishes.authority().isEmpty()
                ? new CsrOutcome.Read(new CertificateRequest(key.get(), wishes.names()))
                : new Refused(Reason.AUTHORITY_ASKED, "request asks to sign others: " + wishes.authority());
    }

    private static DerReader attributes(DerReader fields) throws MalformedDer {
        DerReader.Value attributes = fields.next();
        if (attributes.tag() != ATTRIBUTES_TAG) {
            throw new MalformedDer("attributes are not where they belong");
        }
        return attributes.inside();
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
