package io.flotilla.identity.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.TokenVerdict.Invalid;
import io.flotilla.identity.token.TokenVerdict.Reason;
import io.flotilla.identity.token.TokenVerdict.Valid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenVerifierTest {
    private static final Instant NOW = Tokens.NOW;
    private static final TokenPolicy POLICY = new TokenPolicy(Tokens.ISSUER, "istio-ca", TokenPolicy.LEEWAY);

    static Stream<Arguments> valid() {
        return Stream.of(
                arguments("the baseline", Tokens.good(), NOW),
                arguments("RS256", Tokens.good().rsa(), NOW),
                arguments("audience as a text", Tokens.good().claim("\"aud\"", "\"istio-ca\""), NOW),
                arguments("among several audiences", Tokens.good().claim("\"aud\"", "[\"a\",\"istio-ca\"]"), NOW),
                arguments("a clock that is a little behind", Tokens.good(), Tokens.ISSUED.minusSeconds(29)),
                arguments("a clock that is a little ahead", Tokens.good(), Tokens.EXPIRES.plusSeconds(29)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void believes(String what, Tokens token, Instant now) {
        assertThat(TokenVerifier.verify(token.compact(), Tokens.keys(), POLICY, now))
                .as(what)
                .isEqualTo(new Valid(new ServiceAccountToken(
                        new ServiceAccount("default", "reviews"),
                        new ServiceAccountToken.Bound(
                                "sa-1", Optional.of(new ServiceAccountToken.Pod("reviews-v1-0", "uid-1"))),
                        Tokens.ISSUED,
                        Tokens.EXPIRES,
                        "id-1")));
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                arguments(Reason.WRONG_ISSUER, Tokens.good().claim("\"iss\"", "\"https://elsewhere\""), NOW),
                arguments(Reason.WRONG_AUDIENCE, Tokens.good().claim("\"aud\"", "[\"api\"]"), NOW),
                arguments(Reason.WRONG_AUDIENCE, Tokens.good().without("\"aud\""), NOW),
                arguments(Reason.WRONG_AUDIENCE, Tokens.good().claim("\"aud\"", "[\"istio-ca2\",1,null]"), NOW),
                arguments(Reason.EXPIRED, Tokens.good(), Tokens.EXPIRES.plusSeconds(30)),
                arguments(Reason.NOT_YET_VALID, Tokens.good(), Tokens.ISSUED.minusSeconds(31)),
                arguments(Reason.NOT_YET_VALID, Tokens.good().claim("\"nbf\"", "1900000000"), NOW),
                arguments(Reason.MALFORMED, Tokens.good().without("\"exp\""), NOW),
                arguments(Reason.MALFORMED, Tokens.good().claim("\"exp\"", "\"tomorrow\""), NOW),
                arguments(Reason.MALFORMED, Tokens.good().claim("\"exp\"", "1e300"), NOW),
                arguments(Reason.MALFORMED, Tokens.good().claim("\"nbf\"", "\"x\""), NOW),
                arguments(Reason.NO_SERVICE_ACCOUNT, Tokens.good().claim("\"sub\"", "\"admin\""), NOW),
                arguments(
                        Reason.NO_SERVICE_ACCOUNT,
                        Tokens.good().claim("\"sub\"", "\"system:serviceaccount:default:ratings\""),
                        NOW),
                arguments(Reason.NO_SERVICE_ACCOUNT, Tokens.good().without("\"kubernetes.io\""), NOW),
                arguments(
                        Reason.NO_SERVICE_ACCOUNT,
                        Tokens.good()
                                .claim(
                                        "\"kubernetes.io\"",
                                        "{\"namespace\":\"a/sa/b\",\"serviceaccount\":{\"name\":\"x\"}}"),
                        NOW),
                arguments(Reason.UNKNOWN_KEY, Tokens.good().header("kid", "\"other\""), NOW),
                arguments(Reason.UNKNOWN_KEY, Tokens.good().header("kid", "\"../../etc/passwd\""), NOW),
                arguments(Reason.ALGORITHM_NOT_ALLOWED, Tokens.good().header("alg", "\"none\""), NOW),
                arguments(Reason.ALGORITHM_NOT_ALLOWED, Tokens.good().header("alg", "\"HS256\""), NOW),
                arguments(Reason.ALGORITHM_NOT_ALLOWED, Tokens.good().header("alg", "\"RS256\""), NOW),
                arguments(Reason.ALGORITHM_NOT_ALLOWED, Tokens.good().rsa().header("alg", "\"ES256\""), NOW),
                arguments(Reason.MALFORMED, Tokens.good().header("crit", "[\"x\"]"), NOW),
                arguments(Reason.BAD_SIGNATURE, Tokens.good().signedByAnother(), NOW));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("invalid")
    void disbelieves(Reason reason, Tokens token, Instant now) {
        assertThat(TokenVerifier.verify(token.compact(), Tokens.keys(), POLICY, now))
                .isInstanceOfSatisfying(
                        Invalid.class,
                        verdict -> assertThat(verdict.reason())
                                .as(verdict.message())
                                .isEqualTo(reason));
    }

    @Test
    void everyChangedCharacterBreaksIt() {
        String good = Tokens.good().compact();
        // The last character of the signature has two bits that say nothing.
        for (int i = 0; i < good.length() - 1; i++) {
            char changed = good.charAt(i) == 'A' ? 'B' : 'A';
            String broken = good.substring(0, i) + changed + good.substring(i + 1);
            assertThat(TokenVerifier.verify(broken, Tokens.keys(), POLICY, NOW))
                    .as("character %d", i)
                    .isInstanceOf(Invalid.class);
        }
    }

    @Test
    void whatIsNoTokenIsMalformed() {
        for (String text : List.of("", ".", "..", "a.b.c", "a.b.c.d", "e30.e30.", "x".repeat(20_000))) {
            assertThat(TokenVerifier.verify(text, Tokens.keys(), POLICY, NOW)).isInstanceOf(Invalid.class);
        }
    }

    @Test
    void aSignatureOfZerosIsNone() {
        String good = Tokens.good().compact();
        String zeros = good.substring(0, good.lastIndexOf('.') + 1) + Json.base64(new byte[64]);
        assertThat(TokenVerifier.verify(zeros, Tokens.keys(), POLICY, NOW)).isInstanceOf(Invalid.class);
    }

    @Test
    void anotherIssuersSubjectsAreThoseThatAreNamed() {
        TokenPolicy named = new TokenPolicy(
                Tokens.ISSUER,
                "istio-ca",
                TokenPolicy.LEEWAY,
                new TokenPolicy.Subjects.Named(Map.of("build-7", new ServiceAccount("ci", "builder"))));
        Tokens plain = Tokens.good().without("\"kubernetes.io\"");

        assertThat(TokenVerifier.verify(plain.claim("\"sub\"", "\"build-7\"").compact(), Tokens.keys(), named, NOW))
                .isInstanceOfSatisfying(
                        Valid.class,
                        valid -> assertThat(valid.token().account()).isEqualTo(new ServiceAccount("ci", "builder")));
        // Claims that only the cluster's own issuer may make say nothing here.
        assertThat(TokenVerifier.verify(Tokens.good().compact(), Tokens.keys(), named, NOW))
                .isInstanceOfSatisfying(
                        Invalid.class, invalid -> assertThat(invalid.reason()).isEqualTo(Reason.NO_SERVICE_ACCOUNT));
    }

    @Test
    void theHintFindsTheKeysAndProvesNothing() {
        assertThat(TokenVerifier.read(Tokens.good().signedByAnother().compact()).map(TokenVerifier.Unverified::hint))
                .contains(new TokenVerifier.Hint(Tokens.ISSUER, "ec"));
        assertThat(TokenVerifier.read("a.b")).isEmpty();
        assertThat(TokenVerifier.read("x".repeat(20_000))).isEmpty();
    }
}
