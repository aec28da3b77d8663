package io.flotilla.identity.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.Pem;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuthorityTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SpiffeId ID = SpiffeId.of("cluster.local", "default", "reviews");
    private final Authority authority =
            Authority.selfSigned(new TrustDomain("cluster.local"), NOW, Duration.ofDays(3650), RANDOM);

    private X509Certificate leaf(KeyPair pair, Instant from, Instant until) {
        return authority.sign(template(ID, pair, from, until), RANDOM);
    }

    private static CertificateTemplate template(SpiffeId id, KeyPair pair, Instant from, Instant until) {
        return new CertificateTemplate(
                BigInteger.valueOf(0x1234),
                CertificateTemplate.Subject.NONE,
                List.of(id.uri()),
                List.of("reviews.default.svc"),
                new CertificateTemplate.Validity(from, until),
                new CertificateTemplate.Holder(pair.getPublic(), false));
    }

    @Test
    void theRootMaySignAndNothingElse() throws Exception {
        X509Certificate root = authority.certificate();
        root.verify(root.getPublicKey());
        assertThat(root.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
        assertThat(root.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false, false);
        assertThat(root.getSubjectX500Principal().getName()).isEqualTo("CN=Flotilla root,O=cluster.local");
        assertThat(Certificates.uris(root)).containsExactly("spiffe://cluster.local");
        assertThat(authority.notAfter()).isEqualTo(NOW.plus(Duration.ofDays(3650)));
    }

    @Test
    void aLeafIsWhatAnSvidMustBe() throws Exception {
        KeyPair pair = KeyForms.generate(RANDOM);
        X509Certificate leaf = leaf(pair, NOW, NOW.plusSeconds(60));
        assertThat(leaf.getVersion()).isEqualTo(3);
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getKeyUsage()).startsWith(true, false, false, false, false, false);
        assertThat(leaf.getExtendedKeyUsage()).containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(leaf.getCriticalExtensionOIDs()).contains("2.5.29.17", "2.5.29.19", "2.5.29.15");
        assertThat(Certificates.spiffeId(leaf)).contains(ID);
        assertThat(Certificates.dnsNames(leaf)).containsExactly("reviews.default.svc");
        assertThat(Certificates.serialOf(leaf)).isEqualTo("1234");
        assertThat(CertificateCheck.problems(
                        leaf, authority.certificate(), template(ID, pair, NOW, NOW.plusSeconds(60)), NOW))
                .isEmpty();
    }

    @Test
    void thePathValidatorOfTheJdkAgrees() throws Exception {
        X509Certificate leaf = leaf(KeyForms.generate(RANDOM), NOW, NOW.plusSeconds(60));
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority.certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW.plusSeconds(1)));
        var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf));
        assertThat(CertPathValidator.getInstance("PKIX").validate(path, parameters))
                .isNotNull();
    }

    @Test
    void theCheckNamesWhatIsWrong() {
        KeyPair pair = KeyForms.generate(RANDOM);
        X509Certificate leaf = leaf(pair, NOW, NOW.plusSeconds(60));
        X509Certificate eternal = leaf(pair, NOW, NOW.plus(Duration.ofDays(4000)));
        X509Certificate stranger = Authority.selfSigned(new TrustDomain("other"), NOW, Duration.ofDays(1), RANDOM)
                .certificate();
        CertificateTemplate decided = template(ID, pair, NOW, NOW.plusSeconds(60));
        CertificateTemplate lasting = template(ID, pair, NOW, NOW.plus(Duration.ofDays(4000)));
        X509Certificate root = authority.certificate();
        SpiffeId ratings = SpiffeId.of("cluster.local", "default", "ratings");
        assertThat(CertificateCheck.problems(leaf, root, template(ratings, pair, NOW, NOW.plusSeconds(60)), NOW))
                .singleElement()
                .asString()
                .contains("ratings");
        assertThat(CertificateCheck.problems(leaf, root, decided, NOW.plusSeconds(61)))
                .hasSize(1);
        assertThat(CertificateCheck.problems(eternal, root, lasting, NOW))
                .containsExactly("certificate outlives its issuer");
        assertThat(CertificateCheck.problems(leaf, stranger, decided, NOW)).hasSize(2);
        KeyPair another = KeyForms.generate(RANDOM);
        assertThat(CertificateCheck.problems(leaf, root, template(ID, another, NOW, NOW.plusSeconds(60)), NOW))
                .containsExactly("certificate is for another key");
        assertThat(CertificateCheck.problems(leaf, root, template(ID, pair, NOW, NOW.plusSeconds(59)), NOW))
                .singleElement()
                .asString()
                .contains("after");
        X509Certificate below = authority
                .subordinate("replica", NOW, Duration.ofDays(1), KeyKind.EC_P256, RANDOM)
                .certificate();
        assertThat(CertificateCheck.problems(below, root, decided, NOW)).contains("certificate may sign others");
    }

    @Test
    void comesBackFromItsFiles() {
        assertThat(Authority.parse(authority.certificatePem(), authority.keyPem()))
                .hasValueSatisfying(read -> assertThat(read.fingerprint()).isEqualTo(authority.fingerprint()));
        Authority other = Authority.selfSigned(new TrustDomain("x"), NOW, Duration.ofDays(1), RANDOM);
        assertThat(Authority.parse(authority.certificatePem(), other.keyPem())).isEmpty();
        KeyPair pair = KeyForms.generate(RANDOM);
        String leaf = Certificates.pem(List.of(leaf(pair, NOW, NOW.plusSeconds(60))));
        assertThat(Authority.parse(leaf, KeyForms.privatePem(pair.getPrivate())))
                .as("a leaf is no authority")
                .isEmpty();
        assertThat(Authority.parse("", "")).isEmpty();
        assertThat(authority.toString()).doesNotContain("KEY");
    }

    @Test
    void datesFrom2050OnAreWrittenInFull() {
        X509Certificate leaf = leaf(KeyForms.generate(RANDOM), NOW, Instant.parse("2051-02-03T04:05:06Z"));
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo("2051-02-03T04:05:06Z");
    }

    @Test
    void aBrokenCertificateIsNoneAtAll() {
        assertThat(Certificates.parse("")).isEmpty();
        assertThat(Certificates.parse(Pem.encode("CERTIFICATE", new byte[] {1, 2, 3})))
                .isEmpty();
        assertThat(Certificates.parse(authority.certificatePem() + Pem.encode("CERTIFICATE", new byte[5])))
                .isEmpty();
    }
}
