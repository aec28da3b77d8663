package io.flotilla.identity.csr;

import io.flotilla.identity.Pem;
import io.flotilla.identity.SignatureKind;
import io.flotilla.identity.authority.SubjectNames;
import io.flotilla.identity.der.Der;
import io.flotilla.identity.der.Oids;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.List;

/** Builds the request that a service of the suite sends to Citadel. */
public final class CsrBuilder {
    private CsrBuilder() {}

    /**
     * A PEM request, signed as {@link SignatureKind#usual} for its key. The names are for those who read the request; Citadel takes its
     * own from the caller's token. Without names there is no extension.
     */
    public static String build(KeyPair pair, List<String> uris, List<String> dnsNames, SecureRandom random) {
        byte[] info = Der.sequence(
                Der.integer(BigInteger.ZERO),
                Der.sequence(),
                pair.getPublic().getEncoded(),
                Der.explicit(0, attributes(uris, dnsNames)));
        try {
            SignatureKind kind = SignatureKind.usual(pair.getPublic());
            Signature signature = Signature.getInstance(kind.algorithm());
            signature.initSign(pair.getPrivate(), random);
            signature.update(info);
            byte[] algorithm = kind.identifier();
            byte[] request = Der.sequence(info, algorithm, Der.bits(signature.sign()));
            return Pem.encode("CERTIFICATE REQUEST", request);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key pair cannot sign: " + e.getMessage(), e);
        }
    }

    private static byte[] attributes(List<String> uris, List<String> dnsNames) {
        if (uris.isEmpty() && dnsNames.isEmpty()) {
            return new byte[0];
        }
        byte[] names = SubjectNames.encode(uris, dnsNames);
        // Critical, since the subject is empty (RFC 5280, 4.2.1.6): some signers copy it as it is.
        byte[] extension = Der.sequence(Der.oid(Oids.SUBJECT_ALT_NAME), Der.yes(), Der.octets(names));
        return Der.sequence(Der.oid(Oids.EXTENSION_REQUEST), Der.setOf(Der.sequence(extension)));
    }
}
