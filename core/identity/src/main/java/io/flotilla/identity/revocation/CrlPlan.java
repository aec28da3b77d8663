package io.flotilla.identity.revocation;

import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CrlBuilder;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether lists are sent, and which. Envoy that is given a list refuses everybody whose issuer has none, so that either
 * every issuer whose leaves may be met has a list, or no list is sent; and none is sent while nothing is revoked.
 */
public sealed interface CrlPlan {
    /** No serial number is revoked: no lists. */
    record Nothing() implements CrlPlan {}

    /** One list for each issuer, in PEM, one after the other; only leaves are to be looked up in them. */
    record Lists(String pem) implements CrlPlan {}

    /** An issuer has no key here, so that its list cannot be made: TCP peers cannot be refused by serial number. */
    record Incomplete(String message) implements CrlPlan {}

    /**
     * Why no lists could be made if a serial number were revoked; empty where all of them could.
     *
     * @param issuers certificates that sign leaves and are believed
     * @param keys    those of them whose keys are here
     */
    static Optional<String> gap(List<X509Certificate> issuers, List<Authority> keys) {
        return issuers.stream()
                .filter(issuer ->
                        keys.stream().noneMatch(key -> key.certificate().equals(issuer)))
                .findFirst()
                .map(without ->
                        "the key of \"" + without.getSubjectX500Principal().getName()
                                + "\" is not here: whoever has it must make its revocation list");
    }

    /**
     * Decides.
     *
     * @param issuers certificates that sign leaves and are believed
     * @param keys    those of them whose keys are here
     */
    static CrlPlan of(
            RevocationSet revoked,
            List<X509Certificate> issuers,
            List<Authority> keys,
            Instant now,
            SecureRandom random) {
        if (issuers.stream().allMatch(issuer -> revoked.serials(issuer, now).isEmpty())) {
            return new Nothing();
        }
        Optional<String> gap = gap(issuers, keys);
        if (gap.isPresent()) {
            return new Incomplete(gap.get());
        }
        BigInteger number = BigInteger.valueOf(now.getEpochSecond());
        return new Lists(keys.stream()
                .filter(key -> issuers.contains(key.certificate()))
                .map(key -> CrlBuilder.build(key, revoked.serials(key.certificate(), now), number, now, random))
                .collect(Collectors.joining()));
    }
}
