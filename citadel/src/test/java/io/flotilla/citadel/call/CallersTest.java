package io.flotilla.citadel.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.citadel.bootstrap.BootstrapProof;
import io.flotilla.citadel.bootstrap.GrantFolder;
import io.flotilla.citadel.bootstrap.Machines;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.token.Jwks;
import io.flotilla.identity.token.KeyCache;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.identity.token.ServiceAccountToken;
import io.flotilla.identity.token.TokenPolicy;
import io.flotilla.service.caller.BoundObjects;
import io.flotilla.service.caller.CallerCheck;
import io.flotilla.service.caller.Credentials;
import io.flotilla.service.caller.FetchedKeys;
import io.flotilla.service.caller.KeySource;
import io.flotilla.service.caller.TokenProof;
import io.flotilla.service.caller.Verdict;
import io.flotilla.service.fetch.GuardedFetch.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is believed, and every trick that must not work. */
class CallersTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final LocalTokenIssuer ISSUER = LocalTokenIssuer.create(RANDOM);
    private static final ServiceAccount REVIEWS = new ServiceAccount("default", "reviews");
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");

    @TempDir
    Path folder;

    private Clock clock = Clock.fixed(now, ZoneOffset.UTC);

    private CallerCheck byToken(KeySource keys, BoundObjects bound) {
        TokenPolicy policy = new TokenPolicy(LocalTokenIssuer.ISSUER, "istio-ca", TokenPolicy.LEEWAY);
        return new CallerCheck(List.of(new TokenProof(List.of(new TokenProof.Issuer(policy, keys, bound)), clock)));
    }

    private static KeySource keys() {
        return key -> new KeySource.Answer.Keys(Jwks.parse(ISSUER.jwks()).orElseThrow());
    }

    private static String token(String audience, Instant issued) {
        return ISSUER.mint(
                new LocalTokenIssuer.TokenRequest(
                        REVIEWS,
                        Optional.of(new ServiceAccountToken.Pod("reviews-0", "uid-1")),
                        audience,
                        Duration.ofMinutes(10)),
                issued,
                RANDOM);
    }

    private static Credentials bearer(String token) {
        return new Credentials("Bearer " + token, Optional.empty());
    }

    private String why(CallerCheck check, Credentials credentials) {
        return switch (check.check(credentials)) {
            case Verdict.Proven proven -> "proven " + proven.caller().account();
            case Verdict.Unproven unproven -> "unproven: " + unproven.message();
            case Verdict.Unavailable away -> "unavailable: " + away.message();
        };
    }

    @Test
    void aGoodTokenProvesItsAccount() {
        assertThat(why(byToken(keys(), BoundObjects.UNCHECKED), bearer(token("istio-ca", now))))
                .isEqualTo("proven default/reviews");
    }

    @Test
    void tricksProveNothing() throws GeneralSecurityException {
        CallerCheck check = byToken(keys(), BoundObjects.UNCHECKED);
        String good = token("istio-ca", now);
        String[] parts = good.split("\\.", -1);
        String kid = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8)
                .replaceAll(".*\"kid\":\"([^\"]*)\".*", "$1");

        assertThat(why(check, bearer(token("kubernetes", now)))).contains("audience");
        assertThat(why(check, bearer(token("istio-ca", now.minusSeconds(700))))).contains("ended");
        assertThat(why(check, bearer(header("none", kid) + "." + parts[1] + ".")))
                .contains("algorithm");
        assertThat(why(check, bearer(header("None", kid) + "." + parts[1] + "." + parts[2])))
                .contains("algorithm");
        assertThat(why(check, bearer(hmac(header("HS256", kid) + "." + parts[1]))))
                .contains("algorithm");
        for (String injected : List.of("../../../dev/null", "' or 1=1 --", "http://evil/jwks", "\\u0000")) {
            assertThat(why(check, bearer(header("ES256", injected) + "." + parts[1] + "." + parts[2])))
                    .as(injected)
                    .contains("is not in the key set");
        }
        String stranger = LocalTokenIssuer.create(RANDOM)
                .mint(
                        new LocalTokenIssuer.TokenRequest(
                                REVIEWS, Optional.empty(), "istio-ca", Duration.ofMinutes(10)),
                        now,
                        RANDOM);
        assertThat(why(check, bearer(stranger))).contains("is not in the key set");
        assertThat(why(
                        check,
                        bearer(ISSUER.named("https://evil")
                                .mint(
                                        new LocalTokenIssuer.TokenRequest(
                                                REVIEWS, Optional.empty(), "istio-ca", Duration.ofMinutes(10)),
                                        now,
                                        RANDOM))))
                .contains("https://evil", "not believed");
        assertThat(why(check, Credentials.NONE)).contains("credentials are needed");
    }

    private static String header(String algorithm, String kid) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        ("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    /** Signed by HMAC with the public key set for a secret, which everybody has. */
    private static String hmac(String signed) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(ISSUER.jwks().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return signed + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aTokenEndsWithItsPod() {
        BoundObjects gone = token -> token.pod().orElseThrow().uid().equals("uid-1")
                ? new BoundObjects.Presence.Gone("pod reviews-0 is gone")
                : new BoundObjects.Presence.Here();
        BoundObjects away = token -> new BoundObjects.Presence.Unknown("the API server is away");

        assertThat(why(byToken(keys(), gone), bearer(token("istio-ca", now))))
                .startsWith("unproven")
                .contains("gone");
        assertThat(why(byToken(keys(), away), bearer(token("istio-ca", now)))).startsWith("unavailable");
    }

    @Test
    void keysThatCannotBeFetchedBelieveNobodyAndAnUnknownKeyIsLookedForOnce() {
        Deque<Outcome> answers = new ArrayDeque<>(List.of(
                new Outcome.Failed("connection refused"),
                new Outcome.Fetched(LocalTokenIssuer.create(RANDOM).jwks())));
        AtomicInteger fetched = new AtomicInteger();
        Instant[] time = {now};
        InstantSource moving = () -> time[0];
        FetchedKeys source = new FetchedKeys(
                "https://issuer",
                () -> {
                    fetched.incrementAndGet();
                    return answers.isEmpty() ? new Outcome.Fetched(ISSUER.jwks()) : answers.poll();
                },
                moving.withZone(ZoneOffset.UTC),
                KeyCache.Periods.USUAL);
        CallerCheck check = byToken(source, BoundObjects.UNCHECKED);
        Credentials credentials = bearer(token("istio-ca", now));

        assertThat(why(check, credentials)).startsWith("unavailable").contains("connection refused");
        assertThat(why(check, credentials)).startsWith("unavailable");
        assertThat(fetched).as("no second fetch at once").hasValue(1);
        time[0] = now.plusSeconds(10);
        assertThat(why(check, credentials)).contains("is not in the key set");
        time[0] = now.plusSeconds(20);
        assertThat(why(check, credentials)).as("the issuer has a new key").isEqualTo("proven default/reviews");
        assertThat(why(check, credentials)).isEqualTo("proven default/reviews");
        assertThat(fetched).hasValue(3);
    }

    @Test
    void aBootstrapTokenIsGoodOnceAndOnlyForOneOfThoseWhoCome() throws IOException {
        Machines machines = new Machines(new GrantFolder(folder.resolve("bootstrap")), clock, RANDOM);
        Machines.Made made = machines.make(new ServiceAccount("vms", "billing"), Duration.ofMinutes(5));
        CallerCheck check = new CallerCheck(List.of(new BootstrapProof(machines.store(), clock)));
        Credentials credentials = bearer(made.token().text());

        assertThat(why(check, credentials)).isEqualTo("proven vms/billing");
        Verdict.Proven one = (Verdict.Proven) check.check(credentials);
        Verdict.Proven two = (Verdict.Proven) check.check(credentials);
        assertThat(one.claim().getAsBoolean()).isTrue();
        assertThat(two.claim().getAsBoolean()).isFalse();
        assertThat(why(check, credentials)).contains("was used");
    }

    @Test
    void aBootstrapTokenEnds() throws IOException {
        Machines machines = new Machines(new GrantFolder(folder.resolve("bootstrap")), clock, RANDOM);
        Machines.Made made = machines.make(new ServiceAccount("vms", "billing"), Duration.ofMinutes(5));
        clock = Clock.fixed(now.plusSeconds(300), ZoneOffset.UTC);

        CallerCheck check = new CallerCheck(List.of(new BootstrapProof(machines.store(), clock)));
        assertThat(why(check, bearer(made.token().text()))).contains("ended");
    }

    @Test
    void aCertificateOfThisMeshRenewsUntilItsEndOrItsRevocation() {
        Authority root = Authority.selfSigned(DOMAIN, now.minusSeconds(600), Duration.ofDays(1), RANDOM);
        SpiffeId id = SpiffeId.of("cluster.local", "default", "reviews");
        Credentials own = new Credentials("", Optional.of(certificate(root, id.uri())));
        Credentials foreign =
                new Credentials("", Optional.of(certificate(root, "spiffe://elsewhere/ns/default/sa/reviews")));

        assertThat(why(byCertificate(now, false), own)).isEqualTo("proven default/reviews");
        assertThat(why(byCertificate(now, false), foreign)).contains("trust domain cluster.local");
        assertThat(why(byCertificate(now.plusSeconds(60), false), own)).contains("ended");
        assertThat(why(byCertificate(now, true), own)).contains("revoked");
        assertThat(why(byCertificate(now, false), new Credentials("", Optional.of(root.certificate()))))
                .startsWith("unproven");
    }

    private CallerCheck byCertificate(Instant when, boolean revoked) {
        Clock at = Clock.fixed(when, ZoneOffset.UTC);
        return new CallerCheck(List.of(new CertificateProof(DOMAIN, at, (certificate, id) -> revoked)));
    }

    private X509Certificate certificate(Authority root, String uri) {
        return root.sign(
                new CertificateTemplate(
                        Certificates.serial(RANDOM),
                        CertificateTemplate.Subject.NONE,
                        List.of(uri),
                        List.of(),
                        new CertificateTemplate.Validity(now.minusSeconds(60), now.plusSeconds(60)),
                        new CertificateTemplate.Holder(KeyForms.generate(RANDOM).getPublic(), false)),
                RANDOM);
    }

    @Test
    void everyKindOfKeyIsMadeAsItIsCalled() {
        for (KeyKind kind : List.of(KeyKind.EC_P256, KeyKind.EC_P384, KeyKind.RSA_2048)) {
            assertThat(kind.matches(kind.generate(RANDOM).getPublic()))
                    .as(kind.name())
                    .isTrue();
        }
    }
}
