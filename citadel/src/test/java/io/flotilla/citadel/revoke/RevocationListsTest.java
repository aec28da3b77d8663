package io.flotilla.citadel.revoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.revocation.RevocationSet;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevocationListsTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Authority own = root();
    private final Authority other = root();
    private RevocationSet revoked = RevocationSet.NOTHING;
    private RevocationLists.Issuers issuers = new RevocationLists.Issuers(List.of(own.certificate()), List.of(own));

    private static Authority root() {
        return Authority.selfSigned(new TrustDomain("cluster.local"), Instant.now(), Duration.ofDays(1), RANDOM);
    }

    @Test
    void aRootWithoutItsKeyTakesTheListsAwayAndThatIsAProblemWhileSomethingIsRevoked() {
        RevocationLists lists = new RevocationLists(() -> revoked, () -> issuers, Clock.systemUTC(), RANDOM);
        issuers = new RevocationLists.Issuers(List.of(own.certificate(), other.certificate()), List.of(own));
        lists.renew();
        assertThat(lists.problem()).isEmpty();

        revoked = new RevocationSet(
                List.of(new RevocationSet.Entry(new RevocationSet.What.Serial(BigInteger.TEN, ""), Instant.MAX)));
        lists.renew();
        assertThat(lists.problem()).contains("is not here");
        assertThat(lists.pem()).isEmpty();

        issuers = new RevocationLists.Issuers(List.of(own.certificate()), List.of(own));
        lists.renew();
        assertThat(lists.problem()).isEmpty();
        assertThat(lists.pem()).contains("BEGIN X509 CRL");
    }
}
