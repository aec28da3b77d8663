package io.flotilla.identity.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.KeyKind;
import io.flotilla.identity.OpenSsl;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What openssl says to our certificates, and what we make of openssl's authorities. */
class OpenSslVerifyTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final SpiffeId ID = SpiffeId.of("cluster.local", "default", "reviews");
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"EC_P256,EC_P256", "EC_P384,EC_P256", "RSA_2048,EC_P256", "EC_P256,RSA_2048"})
    void opensslAcceptsALeafOfEachKind(KeyKind signer, KeyKind holder) {
        Authority root = Authority.selfSigned(DOMAIN, now, Duration.ofDays(1), signer, RANDOM);
        Authority below = root.subordinate("replica", now, Duration.ofDays(2), signer, RANDOM);
        X509Certificate leaf = leaf(below, holder.generate(RANDOM));

        assertThat(below.notAfter()).isEqualTo(root.notAfter());
        OpenSsl openssl = new OpenSsl(folder)
                .write("root.pem", root.certificatePem())
                .write("below.pem", below.certificatePem())
                .write("leaf.pem", Certificates.pem(List.of(leaf)));
        openssl.run("verify -x509_strict -purpose sslserver -CAfile root.pem -untrusted below.pem leaf.pem");
        openssl.run("verify -x509_strict -purpose sslclient -CAfile root.pem -untrusted below.pem leaf.pem");
        assertThat(openssl.attempt("x509 -in leaf.pem -noout -ext subjectAltName")
                        .output())
                .contains("URI:" + ID.uri(), "critical");
    }

    @Test
    void opensslRefusesALeafThatSigns() {
        Authority root = Authority.selfSigned(DOMAIN, now, Duration.ofDays(1), RANDOM);
        Authority below = root.subordinate("replica", now, Duration.ofDays(1), KeyKind.EC_P256, RANDOM);
        Authority tooDeep = below.subordinate("deeper", now, Duration.ofDays(1), KeyKind.EC_P256, RANDOM);
        OpenSsl openssl = new OpenSsl(folder)
                .write("root.pem", root.certificatePem())
                .write("below.pem", below.certificatePem() + tooDeep.certificatePem())
                .write("leaf.pem", Certificates.pem(List.of(leaf(tooDeep, KeyKind.EC_P256.generate(RANDOM)))));

        assertThat(openssl.attempt("verify -CAfile root.pem -untrusted below.pem leaf.pem")
                        .output())
                .contains("path length");
    }

    @ParameterizedTest
    @CsvSource({
        "rsa -pkeyopt rsa_keygen_bits:4096,pkcs8",
        "rsa -pkeyopt rsa_keygen_bits:2048,traditional",
        "ec -pkeyopt ec_paramgen_curve:P-384,traditional",
        "ec -pkeyopt ec_paramgen_curve:P-256,pkcs8"
    })
    void anAuthorityOfOpensslSignsForUs(String key, String form) {
        OpenSsl openssl = plugged(key);
        if (form.equals("traditional")) {
            openssl.run("pkey -traditional -in ca-key.pem -out old.pem").write("ca-key.pem", openssl.read("old.pem"));
            assertThat(openssl.read("ca-key.pem")).containsPattern("(RSA|EC) PRIVATE KEY");
        }
        Authority authority = Authority.parse(openssl.read("ca-cert.pem"), openssl.read("ca-key.pem"))
                .orElseThrow();
        SigningSlot.Outcome outcome = SigningSlot.of(
                authority,
                certificates(openssl, "cert-chain.pem"),
                certificates(openssl, "root-cert.pem"),
                now.plusSeconds(60));

        assertThat(outcome).isInstanceOfSatisfying(SigningSlot.Outcome.Good.class, good -> {
            assertThat(good.slot().intermediates()).hasSize(1);
            assertThat(good.slot().notAfter()).isEqualTo(authority.notAfter()).isBefore(now.plus(Duration.ofDays(3)));
            X509Certificate leaf = leaf(good.slot().authority(), KeyKind.EC_P256.generate(RANDOM));
            openssl.write("leaf.pem", Certificates.pem(List.of(leaf)))
                    .run("verify -x509_strict -CAfile root-cert.pem -untrusted cert-chain.pem leaf.pem");
        });
    }

    @Test
    void aPluggedAuthorityMustLeadToItsRoot() {
        OpenSsl openssl = plugged("ec -pkeyopt ec_paramgen_curve:P-256");
        Authority authority = Authority.parse(openssl.read("ca-cert.pem"), openssl.read("ca-key.pem"))
                .orElseThrow();
        X509Certificate stranger =
                Authority.selfSigned(DOMAIN, now, Duration.ofDays(1), RANDOM).certificate();
        List<X509Certificate> roots = certificates(openssl, "root-cert.pem");

        assertThat(SigningSlot.of(authority, List.of(), List.of(stranger), now.plusSeconds(60)))
                .isInstanceOfSatisfying(
                        SigningSlot.Outcome.Bad.class,
                        bad -> assertThat(bad.message()).contains("signed"));
        assertThat(SigningSlot.of(authority, List.of(), roots, now.plus(Duration.ofDays(5))))
                .isInstanceOfSatisfying(
                        SigningSlot.Outcome.Bad.class,
                        bad -> assertThat(bad.message()).contains("until"));
    }

    @Test
    void aRootThatEndsFirstIsTheEnd() {
        Authority root = Authority.selfSigned(DOMAIN, now, Duration.ofHours(1), RANDOM);
        assertThat(SigningSlot.ofRoot(root).notAfter()).isEqualTo(now.plus(Duration.ofHours(1)));
        Authority below = root.subordinate("replica", now, Duration.ofDays(1), KeyKind.EC_P256, RANDOM);
        assertThat(new SigningSlot(below, List.of(below.certificate()), List.of(root.certificate())).notAfter())
                .isEqualTo(now.plus(Duration.ofHours(1)));
    }

    /** A root and an authority below it, as operators make them. */
    private OpenSsl plugged(String key) {
        OpenSsl openssl = new OpenSsl(folder)
                .requestConfig("ca.cnf")
                .write(
                        "ca.ext",
                        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
                                + "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid");
        return openssl.run("genpkey -quiet -algorithm " + key + " -out root-key.pem")
                .run("req -new -x509 -days 5 -key root-key.pem -config ca.cnf -subj /O=Root -out root-cert.pem"
                        + " -addext keyUsage=critical,keyCertSign -addext basicConstraints=critical,CA:TRUE")
                .run("genpkey -quiet -algorithm " + key + " -out ca-key.pem")
                .run("req -new -key ca-key.pem -config ca.cnf -subj /O=Intermediate -out ca.csr")
                .run(
                        "x509 -req -in ca.csr -CA root-cert.pem -CAkey root-key.pem -days 2 -extfile ca.ext -out ca-cert.pem")
                .write("cert-chain.pem", openssl.read("ca-cert.pem"));
    }

    private static List<X509Certificate> certificates(OpenSsl openssl, String file) {
        return Certificates.parse(openssl.read(file)).orElseThrow();
    }

    private X509Certificate leaf(Authority authority, KeyPair pair) {
        return authority.sign(
                new CertificateTemplate(
                        Certificates.serial(RANDOM),
                        CertificateTemplate.Subject.NONE,
                        List.of(ID.uri()),
                        List.of(),
                        new CertificateTemplate.Validity(now, now.plus(Duration.ofHours(12))),
                        new CertificateTemplate.Holder(pair.getPublic(), false)),
                RANDOM);
    }
}
