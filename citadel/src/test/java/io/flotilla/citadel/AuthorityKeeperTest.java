package io.flotilla.citadel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.citadel.backend.Backend;
import io.flotilla.citadel.backend.PluggedFolder;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.Trust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Authorities that somebody else made, and replicas that sign by intermediates of their own. */
class AuthorityKeeperTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private final Instant now = Instant.now();
    private static final AuthorityKeeper.Replica NO_INTERMEDIATE =
            new AuthorityKeeper.Replica(false, "", Duration.ofDays(1), KeyKind.EC_P256);

    @TempDir
    Path folder;

    private final Authority root =
            Authority.selfSigned(new TrustDomain("cluster.local"), now.minusSeconds(60), Duration.ofDays(90), RANDOM);
    private final List<Trust> told = new ArrayList<>();

    private Authority below(String name, Duration life) {
        return root.subordinate(name, now.minusSeconds(30), life, KeyKind.EC_P256, RANDOM);
    }

    private void plug(Authority authority) throws IOException {
        Files.writeString(folder.resolve("ca-cert.pem"), authority.certificatePem());
        Files.writeString(folder.resolve("ca-key.pem"), authority.keyPem());
        Files.writeString(folder.resolve("cert-chain.pem"), authority.certificatePem());
        Files.writeString(folder.resolve("root-cert.pem"), root.certificatePem());
    }

    private AuthorityKeeper keeper(AuthorityKeeper.Replica replica) throws IOException {
        return new AuthorityKeeper(
                new AuthorityKeeper.Source.Plugged(new PluggedFolder(folder)), replica, Clock.systemUTC(), RANDOM);
    }

    private Backend.Answer.Signed sign(AuthorityKeeper keeper) {
        CertificateTemplate template = new CertificateTemplate(
                Certificates.serial(RANDOM),
                CertificateTemplate.Subject.NONE,
                List.of(SpiffeId.of("cluster.local", "default", "reviews").uri()),
                List.of(),
                new CertificateTemplate.Validity(now.minusSeconds(10), now.plusSeconds(600)),
                new CertificateTemplate.Holder(KeyForms.generate(RANDOM).getPublic(), false));
        return (Backend.Answer.Signed) keeper.backend().sign(new Backend.Order(template, () -> {
            throw new AssertionError("nobody needs a request");
        }));
    }

    private void opensslAccepts(Backend.Answer.Signed signed) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("root.pem"), root.certificatePem());
        Files.writeString(folder.resolve("between.pem"), Certificates.pem(signed.intermediates()));
        Files.writeString(folder.resolve("leaf.pem"), Certificates.pem(List.of(signed.leaf())));
        Process process = new ProcessBuilder(
                        "openssl", "verify", "-CAfile", "root.pem", "-untrusted", "between.pem", "leaf.pem")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void anotherAuthorityInTheFolderSignsFromTheNextLookOn() throws Exception {
        Authority first = below("first", Duration.ofDays(30));
        Authority second = below("second", Duration.ofDays(60));
        plug(first);
        AuthorityKeeper keeper = keeper(NO_INTERMEDIATE);
        assertThat(sign(keeper).issuer()).isEqualTo(first.certificate());
        keeper.look(told::add);
        assertThat(told).as("nothing has changed").isEmpty();

        plug(second);
        keeper.look(told::add);
        Backend.Answer.Signed signed = sign(keeper);
        assertThat(signed.issuer()).isEqualTo(second.certificate());
        opensslAccepts(signed);
        assertThat(told)
                .singleElement()
                .satisfies(trust -> assertThat(trust.notAfter()).isEqualTo(second.notAfter()));
        assertThat(keeper.end()).isEqualTo(second.notAfter());
    }

    @Test
    void filesThatDoNotBelongTogetherChangeNothingUntilTheyDo() throws Exception {
        Authority first = below("first", Duration.ofDays(30));
        Authority second = below("second", Duration.ofDays(60));
        plug(first);
        AuthorityKeeper keeper = keeper(NO_INTERMEDIATE);
        // A Secret's files may be seen half written, or be wrong.
        Files.writeString(folder.resolve("ca-cert.pem"), second.certificatePem());
        keeper.look(told::add);
        Files.writeString(folder.resolve("ca-cert.pem"), "nothing");
        keeper.look(told::add);
        Files.delete(folder.resolve("ca-key.pem"));
        keeper.look(told::add);
        assertThat(told).isEmpty();
        assertThat(sign(keeper).issuer()).isEqualTo(first.certificate());
        plug(second);
        keeper.look(told::add);
        assertThat(sign(keeper).issuer()).isEqualTo(second.certificate());
    }

    @Test
    void aSecondRootIsMadeKnownWhileTheFirstSigns() throws IOException {
        plug(root);
        AuthorityKeeper keeper = keeper(NO_INTERMEDIATE);
        Authority next = Authority.selfSigned(new TrustDomain("cluster.local"), now, Duration.ofDays(90), RANDOM);
        Files.writeString(folder.resolve("root-cert.pem"), root.certificatePem() + next.certificatePem());
        keeper.look(told::add);
        assertThat(told)
                .singleElement()
                .satisfies(trust -> assertThat(trust.roots()).containsExactly(root.certificate(), next.certificate()));
        assertThat(sign(keeper).issuer()).isEqualTo(root.certificate());
    }

    @Test
    void onlyAPluggedRootBelowWhichNobodySignsHasListsOfItsOwn() throws Exception {
        plug(root);
        assertThat(keeper(NO_INTERMEDIATE).issuers().keys())
                .as("others may sign below it")
                .isEmpty();
        plug(below("first", Duration.ofDays(30)));
        assertThat(keeper(NO_INTERMEDIATE).issuers())
                .satisfies(issuers -> assertThat(issuers.certificates())
                        .as("others may stand beside it")
                        .doesNotContainAnyElementsOf(issuers.keys().stream()
                                .map(Authority::certificate)
                                .toList()));

        Process openssl = new ProcessBuilder(
                        ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                                        + " -keyout ca-key.pem -out ca-cert.pem -subj /O=corporate"
                                        + " -addext basicConstraints=critical,CA:TRUE,pathlen:0"
                                        + " -addext keyUsage=critical,keyCertSign,cRLSign")
                                .split(" "))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(openssl.waitFor()).as(said).isZero();
        Files.writeString(folder.resolve("root-cert.pem"), Files.readString(folder.resolve("ca-cert.pem")));
        Files.deleteIfExists(folder.resolve("cert-chain.pem"));
        assertThat(keeper(NO_INTERMEDIATE).issuers())
                .satisfies(issuers -> assertThat(issuers.certificates())
                        .hasSize(1)
                        .isEqualTo(issuers.keys().stream()
                                .map(Authority::certificate)
                                .toList()));
    }

    @Test
    void replicasSignByIntermediatesOfTheirOwnUnderOneRoot() throws Exception {
        plug(root);
        AuthorityKeeper one = keeper(new AuthorityKeeper.Replica(true, "one", Duration.ofDays(1), KeyKind.EC_P384));
        AuthorityKeeper two = keeper(new AuthorityKeeper.Replica(true, "two", Duration.ofDays(1), KeyKind.RSA_2048));
        List<X509Certificate> issuers = new ArrayList<>();
        for (AuthorityKeeper each : List.of(one, two)) {
            Backend.Answer.Signed signed = sign(each);
            opensslAccepts(signed);
            assertThat(signed.intermediates()).containsExactly(signed.issuer());
            assertThat(each.backend().trust().roots()).containsExactly(root.certificate());
            issuers.add(signed.issuer());
        }
        assertThat(issuers).doesNotHaveDuplicates().doesNotContain(root.certificate());
        assertThat(one.backend().trust().root())
                .as("what vouches is the same for both")
                .isEqualTo(two.backend().trust().root())
                .isEqualTo(root.fingerprint());
        assertThat(one.shared().fingerprint()).isEqualTo(two.shared().fingerprint());
    }
}
