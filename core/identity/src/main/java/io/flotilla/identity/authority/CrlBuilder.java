package io.flotilla.identity.authority;

import io.flotilla.identity.Pem;
import io.flotilla.identity.SignatureKind;
import io.flotilla.identity.der.Der;
import io.flotilla.identity.der.Oids;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Writes certificate revocation lists (RFC 5280, 5). */
public final class CrlBuilder {
    private CrlBuilder() {}

    /**
     * The list of one issuer, in PEM. It is good as long as the issuer itself: Envoy refuses everybody by a list that is
     * over or has not begun, so that a list must outlive any time that we might be away, and any clock that is behind.
     *
     * @param serials positive, each once
     * @param number  of the list, which grows (RFC 5280, 5.2.3)
     */
    public static String build(
            Authority issuer, List<BigInteger> serials, BigInteger number, Instant now, SecureRandom random) {
        Instant from = now.truncatedTo(ChronoUnit.SECONDS);
        byte[] algorithm =
                SignatureKind.usual(issuer.certificate().getPublicKey()).identifier();
        byte[] extensions = Der.sequence(
                Der.sequence(Der.oid(Oids.AUTHORITY_KEY_ID), Der.octets(Der.sequence(Der.implicit(0, issuer.keyId())))),
                Der.sequence(Der.oid(Oids.CRL_NUMBER), Der.octets(Der.integer(number))));
        List<byte[]> parts = new ArrayList<>(List.of(
                Der.integer(BigInteger.ONE),
                algorithm,
                issuer.certificate().getSubjectX500Principal().getEncoded(),
                Der.time(issuer.certificate().getNotBefore().toInstant()),
                Der.time(issuer.notAfter())));
        if (!serials.isEmpty()) {
            byte[][] revoked = serials.stream()
                    .map(serial -> Der.sequence(Der.integer(serial), Der.time(from)))
                    .toArray(byte[][]::new);
            parts.add(Der.sequence(revoked));
        }
        parts.add(Der.explicit(0, extensions));
        byte[] body = Der.sequence(parts.toArray(byte[][]::new));
        return Pem.encode("X509 CRL", Der.sequence(body, algorithm, Der.bits(issuer.signature(body, random))));
    }
}
