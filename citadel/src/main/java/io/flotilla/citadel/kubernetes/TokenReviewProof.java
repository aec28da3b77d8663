package io.flotilla.citadel.kubernetes;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.Shown;
import io.flotilla.identity.issue.Caller;
import io.flotilla.identity.token.TokenVerifier;
import io.flotilla.service.caller.Credentials;
import io.flotilla.service.caller.Proof;
import io.flotilla.service.caller.Verdict;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Service account tokens, judged by the API server (TokenReview): it knows its keys and which pods are gone. One call
 * to it for each token that is shown.
 */
public final class TokenReviewProof implements Proof {
    private static final String REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String GROUP = "system:serviceaccounts";
    private static final String USER_PREFIX = "system:serviceaccount:";
    private static final String POD = "authentication.kubernetes.io/pod-name";
    /** How long a verdict counts where the token's own end is not told: a stream is judged again after this. */
    private static final Duration UNTIL = Duration.ofHours(1);

    private final KubernetesApi api;
    private final String audience;
    private final Clock clock;

    public TokenReviewProof(KubernetesApi api, String audience, Clock clock) {
        this.api = api;
        this.audience = audience;
        this.clock = clock;
    }

    @Override
    public Optional<Verdict> check(Credentials credentials) {
        return credentials
                .bearer()
                .filter(token -> TokenVerifier.read(token).isPresent())
                .map(this::review);
    }

    private Verdict review(String token) {
        Struct spec = Struct.newBuilder()
                .putFields("token", Json.text(token))
                .putFields("audiences", list(audience))
                .build();
        Struct review = Struct.newBuilder()
                .putFields("apiVersion", Json.text("authentication.k8s.io/v1"))
                .putFields("kind", Json.text("TokenReview"))
                .putFields("spec", Json.object(spec))
                .build();
        try {
            KubernetesApi.Answer answer = api.create(REVIEWS, review);
            return answer.done()
                    ? judged(Json.at(answer.body(), "status"))
                    : new Verdict.Unavailable("tokens cannot be checked now: the API server says " + answer.reason());
        } catch (IOException e) {
            return new Verdict.Unavailable("tokens cannot be checked now: the API server is away");
        }
    }

    private Verdict judged(Struct status) {
        if (!status.getFieldsOrDefault("authenticated", Value.getDefaultInstance())
                .getBoolValue()) {
            String why = Json.textAt(status, "error");
            return new Verdict.Unproven(
                    "token refused by the API server" + (why.isEmpty() ? "" : ": " + Shown.of(why)));
        }
        if (!texts(status, "audiences").contains(audience)) {
            return new Verdict.Unproven("audience \"" + audience + "\" is not in the token");
        }
        Struct user = Json.at(status, "user");
        Optional<ServiceAccount> account = account(Json.textAt(user, "username"));
        if (account.isEmpty() || !texts(user, "groups").contains(GROUP)) {
            return new Verdict.Unproven("token is not a service account's");
        }
        String pod = texts(Json.at(user, "extra"), POD).stream().findFirst().orElse("");
        String by = pod.isEmpty() ? "reviewed token" : "reviewed token of pod " + pod;
        Instant until = clock.instant().plus(UNTIL);
        return new Verdict.Proven(new Caller(account.get(), by), until);
    }

    private static Optional<ServiceAccount> account(String username) {
        String[] parts = username.startsWith(USER_PREFIX)
                ? username.substring(USER_PREFIX.length()).split(":", -1)
                : new String[0];
        return parts.length == 2 ? ServiceAccount.parse(parts[0], parts[1]) : Optional.empty();
    }

    private static Value list(String text) {
        return Value.newBuilder()
                .setListValue(ListValue.newBuilder().addValues(Json.text(text)))
                .build();
    }

    private static List<String> texts(Struct object, String field) {
        return object.getFieldsOrDefault(field, Value.getDefaultInstance()).getListValue().getValuesList().stream()
                .map(Value::getStringValue)
                .toList();
    }
}
