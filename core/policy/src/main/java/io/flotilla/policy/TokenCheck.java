package io.flotilla.policy;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authentication.TokenPolicy.Origin;
import io.flotilla.config.authentication.TokenPolicy.PathPattern;
import io.flotilla.config.authentication.TokenPolicy.Trigger;
import io.flotilla.config.authentication.TokenRule;
import io.flotilla.config.model.Clause;
import io.flotilla.policy.Finding.Effect;
import io.flotilla.policy.Finding.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Whether the token of a request, or its absence, is good for the policies at a port. */
final class TokenCheck {
    /** The status of what passes. */
    static final int GOOD = 0;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final Protection.Tokens tokens;
    private final Facts facts;

    private TokenCheck(Protection.Tokens tokens, Facts facts) {
        this.tokens = tokens;
        this.facts = facts;
    }

    /**
     * What came of it.
     *
     * @param status {@link #GOOD}, or that of the refusal
     * @param claims of the token, if it is good
     */
    record Result(int status, List<Finding> findings, Optional<Struct> claims) {
        private static final Result NOT_ASKED = new Result(GOOD, List.of(), Optional.empty());
    }

    static Result of(Protection protection, Facts facts) {
        TokenCheck check = new TokenCheck(protection.tokens(), facts);
        return switch (protection.tokens().policy()) {
            case TokenPolicy.Current(List<TokenRule> rules) ->
                rules.isEmpty() || !facts.http() || check.isPreflight() ? Result.NOT_ASKED : check.current(rules);
            case TokenPolicy.Classic classic ->
                facts.http()
                        ? check.isPreflight() ? Result.NOT_ASKED : check.classic(classic)
                        : check.connection(classic, protection.isUndecided());
        };
    }

    /** A request that asks whether another may be made across origins cannot carry a token. */
    private boolean isPreflight() {
        return facts.header(":method").equals(List.of("OPTIONS"))
                && facts.header("origin").stream().anyMatch(value -> !value.isEmpty())
                && facts.header("access-control-request-method").stream().anyMatch(value -> !value.isEmpty());
    }

    // Who could choose to make requests there would leave out the token by making connections.
    private Result connection(TokenPolicy.Classic classic, boolean undecided) {
        return undecided && !classic.optional()
                ? result(
                        FORBIDDEN,
                        Effect.REFUSED,
                        "a token is demanded, and connections bring none",
                        0,
                        Optional.empty())
                : Result.NOT_ASKED;
    }

    private Result current(List<TokenRule> rules) {
        return switch (token()) {
            case Token.Missing missing ->
                result(GOOD, Effect.PASSED, "no token: that is for policies to refuse", 0, Optional.empty());
            case Token.Bad(String why) ->
                result(UNAUTHORIZED, Effect.REFUSED, "a bad token is refused: " + why, 0, Optional.empty());
            case Token.Genuine(Struct claims) ->
                judged(IntStream.range(0, rules.size()).boxed().toList(), rules, claims);
        };
    }

    private Result classic(TokenPolicy.Classic policy) {
        List<TokenRule> rules = policy.origins().stream().map(Origin::rule).toList();
        List<Integer> triggered = IntStream.range(0, rules.size())
                .filter(i -> isTriggered(policy.origins().get(i).triggers()))
                .boxed()
                .toList();
        if (triggered.isEmpty()) {
            return result(GOOD, Effect.PASSED, "no token is asked for on this path", 0, Optional.empty());
        }
        Result judged = switch (token()) {
            case Token.Missing missing ->
                result(UNAUTHORIZED, Effect.REFUSED, "a token is demanded", triggered.getFirst(), Optional.empty());
            case Token.Bad(String why) ->
                result(UNAUTHORIZED, Effect.REFUSED, "a bad token: " + why, triggered.getFirst(), Optional.empty());
            case Token.Genuine(Struct claims) -> judged(triggered, rules, claims);
        };
        return judged.status() == GOOD || !policy.optional()
                ? judged
                : result(
                        GOOD,
                        Effect.PASSED,
                        "no good token, and it is optional",
                        triggered.getFirst(),
                        Optional.empty());
    }

    private Token token() {
        return facts.request().map(Attempt.Request::token).orElse(new Token.Missing());
    }

    /** A token that its issuer did issue, by those rules that may believe it. */
    private Result judged(List<Integer> which, List<TokenRule> rules, Struct claims) {
        String issuer =
                claims.getFieldsOrDefault("iss", Value.getDefaultInstance()).getStringValue();
        List<Integer> ofIssuer =
                which.stream().filter(i -> rules.get(i).issuer().equals(issuer)).toList();
        if (ofIssuer.isEmpty()) {
            return result(
                    UNAUTHORIZED,
                    Effect.REFUSED,
                    "nobody believes the issuer \"" + issuer + "\"",
                    which.getFirst(),
                    Optional.empty());
        }
        for (int i : ofIssuer) {
            if (isFor(rules.get(i), claims)) {
                String keys = rules.get(i).jwks().isEmpty() ? ", as soon as a key of it is known" : "";
                return result(
                        GOOD,
                        Effect.PASSED,
                        "a token of \"" + issuer + "\"" + keys,
                        i,
                        Optional.of(normalized(claims, rules.get(i))));
            }
        }
        return result(
                FORBIDDEN, Effect.REFUSED, "the token is for another audience", ofIssuer.getFirst(), Optional.empty());
    }

    private static boolean isFor(TokenRule rule, Struct claims) {
        List<String> audiences = Facts.texts(claims.getFieldsOrDefault("aud", Value.getDefaultInstance()));
        return rule.audiences().isEmpty()
                || audiences.stream()
                        .map(TokenCheck::plain)
                        .anyMatch(each ->
                                rule.audiences().stream().map(TokenCheck::plain).anyMatch(each::equals));
    }

    // Envoy compares audiences without scheme and without a slash at the end.
    private static String plain(String audience) {
        String text = audience.startsWith("http://")
                ? audience.substring("http://".length())
                : audience.startsWith("https://") ? audience.substring("https://".length()) : audience;
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** Lists that are written with blanks are lists. */
    private static Struct normalized(Struct claims, TokenRule rule) {
        Struct.Builder normalized = claims.toBuilder();
        Stream.concat(Stream.of("scope", "permission"), rule.spaceDelimited().stream())
                .forEach(name -> {
                    Value value = claims.getFieldsOrDefault(name, Value.getDefaultInstance());
                    if (value.hasStringValue()) {
                        ListValue.Builder list = ListValue.newBuilder();
                        Stream.of(value.getStringValue().split(" ", -1))
                                .filter(each -> !each.isEmpty())
                                .forEach(each ->
                                        list.addValues(Value.newBuilder().setStringValue(each)));
                        normalized.putFields(
                                name, Value.newBuilder().setListValue(list).build());
                    }
                });
        return normalized.build();
    }

    private boolean isTriggered(List<Trigger> triggers) {
        return triggers.isEmpty()
                || triggers.stream()
                        .anyMatch(trigger -> trigger.excluded().stream().noneMatch(this::hits)
                                && (trigger.included().isEmpty()
                                        || trigger.included().stream().anyMatch(this::hits)));
    }

    private boolean hits(PathPattern pattern) {
        String path = facts.path();
        return switch (pattern) {
            case PathPattern.Exact(String exact) -> path.equals(exact);
            case PathPattern.Prefix(String prefix) -> path.startsWith(prefix);
            case PathPattern.Suffix(String suffix) -> path.endsWith(suffix);
            case PathPattern.Regex(String regex) -> Expressions.matches(regex, path);
        };
    }

    private Result result(int status, Effect effect, String what, int rule, Optional<Struct> claims) {
        List<Finding> findings = new ArrayList<>();
        Optional<Clause> by =
                rule < tokens.clauses().size() ? Optional.of(tokens.clauses().get(rule)) : Optional.empty();
        findings.add(new Finding(Stage.TOKEN, effect, what, by));
        return new Result(status, findings, claims);
    }
}
