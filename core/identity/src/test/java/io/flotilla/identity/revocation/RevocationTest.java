package io.flotilla.identity.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.OpenSsl;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RevocationTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SpiffeId REVIEWS = SpiffeId.of("cluster.local", "default", "reviews");
    private static final SpiffeId RATINGS = SpiffeId.of("cluster.local", "default", "ratings");

    @TempDir
    Path folder;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Instant later = now.plusSeconds(3600);
    private final Authority root = root(KeyKind.EC_P256);

    private Authority root(KeyKind kind) {
        return Authority.selfSigned(
                new TrustDomain("cluster.local"), now.minusSeconds(60), Duration.ofDays(1), kind, RANDOM);
    }

    private X509Certificate leaf(Authority issuer, SpiffeId id, long serial) {
        return issuer.sign(
                new CertificateTemplate(
                        BigInteger.valueOf(serial),
                        CertificateTemplate.Subject.NONE,
                        List.of(id.uri()),
                        List.of(),
                        new CertificateTemplate.Validity(now.minusSeconds(60), later),
                        new CertificateTemplate.Holder(
                                KeyKind.EC_P256.generate(RANDOM).getPublic(), false)),
                RANDOM);
    }

    private RevocationSet set(RevocationSet.What... all) {
        return new RevocationSet(List.of(all).stream()
                .map(what -> new RevocationSet.Entry(what, later))
                .toList());
    }

    @Test
    void strikesWhatItNamesAndNobodyElse() {
        X509Certificate one = leaf(root, REVIEWS, 1);
        X509Certificate two = leaf(root, REVIEWS, 2);
        RevocationSet bySerial = set(new RevocationSet.What.Serial(BigInteger.ONE, ""));
        assertThat(bySerial.covers(one, REVIEWS, now)).isTrue();
        assertThat(bySerial.covers(two, REVIEWS, now)).isFalse();
        assertThat(bySerial.covers(one, REVIEWS, later))
                .as("all that it strikes is over")
                .isFalse();
        assertThat(bySerial.forbids(REVIEWS, now))
                .as("a new certificate may come")
                .isEmpty();

        RevocationSet byIdentity = set(new RevocationSet.What.Identity(REVIEWS));
        assertThat(byIdentity.covers(two, REVIEWS, now)).isTrue();
        assertThat(byIdentity.covers(leaf(root, RATINGS, 3), RATINGS, now)).isFalse();
        assertThat(byIdentity.forbids(REVIEWS, now)).isPresent();
        assertThat(byIdentity.forbids(RATINGS, now)).isEmpty();

        assertThat(set(new RevocationSet.What.Before(REVIEWS, now)).covers(one, REVIEWS, now))
                .isTrue();
        assertThat(set(new RevocationSet.What.Before(REVIEWS, now.minusSeconds(60)))
                        .covers(one, REVIEWS, now))
                .isFalse();
    }

    @Test
    void anIdentityStaysRevokedUntilItsEntryGoes() {
        RevocationSet revoked = set(new RevocationSet.What.Identity(REVIEWS));
        assertThat(revoked.forbids(REVIEWS, later.plusSeconds(1))).isPresent();
    }

    @ParameterizedTest
    @EnumSource(names = {"EC_P256", "EC_P384", "RSA_2048"})
    void opensslRefusesByTheListAndOnlyTheRevoked(KeyKind kind) {
        Authority issuer = root(kind);
        CrlPlan plan = CrlPlan.of(
                set(new RevocationSet.What.Serial(BigInteger.valueOf(0xabc), "")),
                List.of(issuer.certificate()),
                List.of(issuer),
                now,
                RANDOM);
        OpenSsl openssl = new OpenSsl(folder)
                .write("root.pem", issuer.certificatePem())
                .write("crl.pem", ((CrlPlan.Lists) plan).pem())
                .write("good.pem", Certificates.pem(List.of(leaf(issuer, REVIEWS, 7))))
                .write("bad.pem", Certificates.pem(List.of(leaf(issuer, REVIEWS, 0xabc))));
        openssl.run("verify -crl_check -x509_strict -CRLfile crl.pem -CAfile root.pem good.pem");
        assertThat(openssl.attempt("verify -crl_check -CRLfile crl.pem -CAfile root.pem bad.pem")
                        .output())
                .contains("certificate revoked");
    }

    @Test
    void listsComeForEveryIssuerOrNotAtAll() {
        Authority next = root(KeyKind.EC_P256);
        List<X509Certificate> issuers = List.of(root.certificate(), next.certificate());
        RevocationSet revoked = set(new RevocationSet.What.Serial(BigInteger.ONE, root.fingerprint()));

        assertThat(CrlPlan.of(RevocationSet.NOTHING, issuers, List.of(root, next), now, RANDOM))
                .isInstanceOf(CrlPlan.Nothing.class);
        assertThat(CrlPlan.of(revoked, issuers, List.of(root, next), now, RANDOM))
                .isInstanceOfSatisfying(
                        CrlPlan.Lists.class,
                        lists -> assertThat(lists.pem().split("BEGIN X509 CRL", -1))
                                .hasSize(3));
        assertThat(CrlPlan.of(revoked, issuers, List.of(root), now, RANDOM)).isInstanceOf(CrlPlan.Incomplete.class);
    }

    @Test
    void readsWhatIsDistributedAndNamesWhatIsWrong() {
        Timestamp until =
                Timestamp.newBuilder().setSeconds(later.getEpochSecond()).build();
        Revocation good = Revocation.newBuilder()
                .setCertificate(Revocation.Certificate.newBuilder().setSerial("0abc"))
                .setUntil(until)
                .build();
        assertThat(Revocations.read(good))
                .isEqualTo(new Revocations.Outcome.Good(
                        new RevocationSet.Entry(new RevocationSet.What.Serial(BigInteger.valueOf(0xabc), ""), later)));
        assertThat(Revocations.read(good.toBuilder().clearUntil().build()))
                .as("without an end it is kept for good")
                .isEqualTo(new Revocations.Outcome.Good(new RevocationSet.Entry(
                        new RevocationSet.What.Serial(BigInteger.valueOf(0xabc), ""), Instant.MAX)));
        for (Revocation bad : List.of(
                Revocation.getDefaultInstance(),
                good.toBuilder().setIdentity("spiffe://x").build(),
                good.toBuilder()
                        .setCertificate(Revocation.Certificate.newBuilder().setSerial("XY"))
                        .build())) {
            assertThat(Revocations.read(bad)).isInstanceOf(Revocations.Outcome.Bad.class);
        }
    }
}
