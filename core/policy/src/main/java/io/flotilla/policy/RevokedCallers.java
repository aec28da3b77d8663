package io.flotilla.policy;

import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.config.model.Clause;
import io.flotilla.config.model.Config;
import io.flotilla.policy.Attempt.Caller;
import io.flotilla.policy.Finding.Effect;
import io.flotilla.policy.Finding.Stage;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Whether a peer's certificate or identity was taken back. What is not known of a certificate strikes nobody. */
record RevokedCallers(List<Config<Revocation>> revocations) {
    private static final int HEX = 16;

    /** The revocation that strikes, as a refusal. */
    Optional<Finding> of(String identity, Caller caller) {
        return revocations.stream()
                .filter(each -> strikes(each.spec(), identity, caller))
                .findFirst()
                .map(each -> new Finding(
                        Stage.REVOCATION,
                        Effect.REFUSED,
                        "what the caller shows was taken back",
                        Optional.of(new Clause(each.key(), ""))));
    }

    private static boolean strikes(Revocation revocation, String identity, Caller caller) {
        if (identity.isEmpty()) {
            return false;
        }
        return switch (revocation.getWhatCase()) {
            case IDENTITY -> revocation.getIdentity().equals(identity);
            case CERTIFICATE ->
                !caller.serial().isEmpty()
                        && number(revocation.getCertificate().getSerial()).equals(number(caller.serial()));
            case ISSUED_BEFORE ->
                revocation.getIssuedBefore().getIdentity().equals(identity)
                        && caller.issued()
                                .filter(begin -> begin.getEpochSecond()
                                        < revocation.getIssuedBefore().getTime().getSeconds())
                                .isPresent();
            case WHAT_NOT_SET -> false;
        };
    }

    private static BigInteger number(String serial) {
        return new BigInteger(serial, HEX);
    }
}
