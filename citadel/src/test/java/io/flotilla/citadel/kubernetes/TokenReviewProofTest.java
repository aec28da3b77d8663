package io.flotilla.citadel.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.service.caller.Credentials;
import io.flotilla.service.caller.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API server judges tokens, and what it says is not taken for more than it is. */
class TokenReviewProofTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String GOOD = """
            {"authenticated": true, "audiences": ["istio-ca"], "user": {
              "username": "system:serviceaccount:shop:cart",
              "groups": ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
              "extra": {"authentication.kubernetes.io/pod-name": ["cart-0"]}}}
            """;

    private final String token = LocalTokenIssuer.create(RANDOM)
            .mint(
                    new LocalTokenIssuer.TokenRequest(
                            new ServiceAccount("shop", "cart"), Optional.empty(), "istio-ca", Duration.ofMinutes(10)),
                    Instant.now(),
                    RANDOM);
    private final List<Struct> asked = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path credentials;

    @SuppressWarnings("NullAway.Init") // by start()
    private FakeApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer(credentials, "shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Reviews end with this status. */
    private void says(String status) {
        server.onCreate = review -> {
            asked.add(review);
            return review.toBuilder()
                    .putFields("status", Json.object(json(status)))
                    .build();
        };
    }

    private static Struct json(String text) {
        Struct.Builder struct = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(text, struct);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
        return struct.build();
    }

    private Optional<Verdict> shown(String bearer) throws IOException {
        return new TokenReviewProof(server.api(), "istio-ca", Clock.systemUTC())
                .check(new Credentials("Bearer " + bearer, Optional.empty()));
    }

    private String why(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Proven proven ->
                "proven " + proven.caller().account() + " by " + proven.caller().by();
            case Verdict.Unproven unproven -> "unproven: " + unproven.message();
            case Verdict.Unavailable away -> "unavailable: " + away.message();
        };
    }

    @Test
    void whomTheApiServerKnowsIsBelieved() throws IOException {
        says(GOOD);
        assertThat(why(shown(token).orElseThrow())).isEqualTo("proven shop/cart by reviewed token of pod cart-0");
        assertThat(asked).hasSize(1);
        Struct spec = Json.at(asked.getFirst(), "spec");
        assertThat(Json.textAt(spec, "token")).isEqualTo(token);
        assertThat(spec.getFieldsOrThrow("audiences").getListValue().getValuesList())
                .containsExactly(Json.text("istio-ca"));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"authenticated\": true | \"authenticated\": false, \"error\": \"pod cart-0 is gone\""
                        + " | pod cart-0 is gone",
                "\"authenticated\": true, | | refused by the API server",
                "[\"istio-ca\"] | [\"kubernetes\"] | audience \"istio-ca\" is not in the token",
                "\"audiences\": [\"istio-ca\"], | | audience \"istio-ca\" is not in the token",
                "system:serviceaccount:shop:cart | system:node:shop | not a service account's",
                "system:serviceaccount:shop:cart | system:serviceaccount:shop:cart:x | not a service account's",
                "\"system:serviceaccounts\", | | not a service account's",
            })
    void nobodyElseIs(String good, String instead, String reason) throws IOException {
        assertThat(GOOD).contains(good);
        says(GOOD.replace(good, instead == null ? "" : instead));
        assertThat(why(shown(token).orElseThrow())).startsWith("unproven").contains(reason);
    }

    @Test
    void whatIsNoTokenOfThatKindIsNotSentAround() throws IOException {
        says(GOOD);
        assertThat(shown("flotilla-bootstrap-0123")).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void whileTheApiServerIsAwayItIsSaidToTryAgain() throws IOException {
        TokenReviewProof proof = new TokenReviewProof(server.api(), "istio-ca", Clock.systemUTC());
        server.close();
        assertThat(why(proof.check(new Credentials("Bearer " + token, Optional.empty()))
                        .orElseThrow()))
                .startsWith("unavailable")
                .contains("the API server is away");
    }
}
