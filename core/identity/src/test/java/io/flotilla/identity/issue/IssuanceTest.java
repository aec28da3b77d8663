package io.flotilla.identity.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.csr.CertificateRequest;
import io.flotilla.identity.issue.Issuance.Decision;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IssuanceTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.7Z");
    private static final CertificateRequest REQUEST =
            new CertificateRequest(KeyForms.generate(new SecureRandom()).getPublic());
    private static final Caller REVIEWS = new Caller(new ServiceAccount("default", "reviews"), "test");
    private static final Caller PILOT =
            new Caller(new ServiceAccount("istio-system", "istio-pilot-service-account"), "test");

    private static IssuancePolicy policy(Instant issuerEnd) {
        return new IssuancePolicy(
                new TrustDomain("cluster.local"),
                ServerNames.controlPlane("istio-system", "cluster.local"),
                new IssuancePolicy.Lifetimes(Duration.ofHours(24), Duration.ofHours(48)),
                issuerEnd,
                IssuancePolicy.BACKDATE);
    }

    private static Decision decide(Caller caller, Duration asked, Instant issuerEnd) {
        return Issuance.decide(caller, REQUEST, asked, policy(issuerEnd), new Issuance.Moment(NOW, BigInteger.TEN));
    }

    private static Decision.Granted granted(Caller caller, Duration asked) {
        return (Decision.Granted) decide(caller, asked, NOW.plus(Duration.ofDays(100)));
    }

    @Test
    void theIdentityIsTheCallers() {
        Decision.Granted granted = granted(REVIEWS, Duration.ZERO);
        assertThat(granted.template().uris()).containsExactly("spiffe://cluster.local/ns/default/sa/reviews");
        assertThat(granted.template().dnsNames()).isEmpty();
        assertThat(granted.template().publicKey().authority()).isFalse();
        assertThat(granted.template().validity().notBefore()).isEqualTo("2026-03-01T09:58:00Z");
        assertThat(granted.template().validity().notAfter()).isEqualTo("2026-03-02T10:00:00Z");
    }

    @Test
    void serverNamesFollowTheAccount() {
        assertThat(granted(PILOT, Duration.ZERO).template().dnsNames())
                .containsExactly(
                        "istio-pilot.istio-system.svc",
                        "istio-pilot.istio-system.svc.cluster.local",
                        "istio-pilot.istio-system",
                        "istio-pilot");
        Caller impostor = new Caller(new ServiceAccount("default", "istio-pilot-service-account"), "test");
        assertThat(granted(impostor, Duration.ZERO).template().dnsNames()).isEmpty();
    }

    @Test
    void aShorterLifeMayBeAskedForButNotTooLongOne() {
        assertThat(granted(REVIEWS, Duration.ofHours(1)).template().validity().notAfter())
                .isEqualTo("2026-03-01T11:00:00Z");
        assertThat(decide(REVIEWS, Duration.ofHours(49), NOW.plus(Duration.ofDays(100))))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Issuance.Reason.LIFETIME_TOO_LONG));
    }

    @Test
    void nothingOutlivesTheIssuer() {
        Instant end = NOW.plusSeconds(60);
        assertThat(decide(REVIEWS, Duration.ZERO, end))
                .isInstanceOfSatisfying(
                        Decision.Granted.class,
                        granted -> assertThat(granted.template().validity().notAfter())
                                .isEqualTo(end));
        assertThat(decide(REVIEWS, Duration.ZERO, NOW.minusSeconds(1)))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Issuance.Reason.ISSUER_EXPIRED));
    }

    @Test
    void moreServerNamesAreAddedAndChecked() {
        ServiceAccount account = new ServiceAccount("default", "web");
        ServerNames names = ServerNames.controlPlane("istio-system", "cluster.local")
                .with(Map.of(account, List.of("web.example.com")));
        assertThat(names.of(account)).containsExactly("web.example.com");
        assertThat(names.of(PILOT.account())).hasSize(4);
        assertThatThrownBy(() -> new ServerNames(Map.of(account, List.of("*.example.com"))))
                .hasMessageContaining("*.example.com");
    }

    @Test
    void theEpochChangesWithWhatACertificateSaysAndWithNothingElse() {
        IssuancePolicy policy = policy(NOW);
        ServiceAccount web = new ServiceAccount("default", "web");
        IssuancePolicy renamed = new IssuancePolicy(
                policy.trustDomain(),
                policy.serverNames().with(Map.of(web, List.of("web.example.com"))),
                policy.lifetimes(),
                NOW.plusSeconds(1),
                Duration.ZERO);
        assertThat(renamed.epoch(REVIEWS.account())).isEqualTo(policy.epoch(REVIEWS.account()));
        assertThat(renamed.epoch(web)).isNotEqualTo(policy.epoch(web));
    }
}
