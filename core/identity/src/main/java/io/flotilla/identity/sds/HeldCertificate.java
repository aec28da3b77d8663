package io.flotilla.identity.sds;

import io.flotilla.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;

/**
 * What an SDS version tells of the certificate that its holder has.
 *
 * @param id       whose certificate
 * @param notAfter its end
 * @param renewAt  when it was to be replaced
 * @param issuer   fingerprint of the signing certificate
 * @param epoch    of the issuance policy: another one (names, lifetimes) asks for a new certificate
 * @param keyHash  fingerprint of its public key: two certificates never share a version
 */
public record HeldCertificate(
        SpiffeId id, Instant notAfter, Instant renewAt, String issuer, String epoch, String keyHash) {
    /** Whether it is still what this identity would get, with at least this much of its life left. */
    public boolean stillGood(SpiffeId caller, String currentIssuer, String currentEpoch, Instant now, Duration spare) {
        return id.equals(caller)
                && issuer.equals(currentIssuer)
                && epoch.equals(currentEpoch)
                && now.isBefore(renewAt)
                && now.plus(spare).isBefore(notAfter);
    }
}
