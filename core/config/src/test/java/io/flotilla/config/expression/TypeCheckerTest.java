package io.flotilla.config.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.policy.v1beta1.AttributeManifest;
import io.flotilla.api.policy.v1beta1.AttributeManifest.AttributeInfo;
import io.flotilla.api.policy.v1beta1.ValueType;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeCheckerTest {
    @ParameterizedTest
    @CsvSource(delimiter = '%', quoteCharacter = '~', textBlock = """
            "a"                                                               % STRING
            1                                                                 % INT64
            1.5                                                               % DOUBLE
            source.labels                                                     % STRING_MAP
            source.labels["app"] | "unknown"                                  % STRING
            source.ip | ip("0.0.0.0")                                         % IP_ADDRESS
            response.duration | "0ms"                                         % DURATION
            "0ms" | response.duration                                         % DURATION
            request.time | timestamp("2026-01-31T10:00:00Z")                  % TIMESTAMP
            request.time | "2026-01-31T10:00:00Z"                             % TIMESTAMP
            response.code | 200                                               % INT64
            request.size + 1                                                  % INT64
            "a" + request.path                                                % STRING
            response.duration > "100ms"                                       % BOOL
            request.time < timestamp("2026-01-31T10:00:00Z")                  % BOOL
            response.code >= 500 && match(request.path, "/x*") == false       % BOOL
            connection.mtls | false                                           % BOOL
            conditional(connection.mtls | false, "mutual_tls", "none")        % STRING
            conditional(connection.mtls, source.ip, destination.ip)           % IP_ADDRESS
            conditionalString(connection.mtls, "a", "b")                      % STRING
            destination.labels | emptyStringMap()                             % STRING_MAP
            dnsName(request.host)                                             % DNS_NAME
            email("a@b.example") == email("c@d.example")                      % BOOL
            uri(request.path)                                                 % URI
            size(request.path)                                                % INT64
            toLower(request.host).startsWith("a")                             % BOOL
            `^/v[12]$`.matches(request.path)                                  % BOOL
            source.labels["app"] | destination.labels["app"] == "a"           % BOOL
            """)
    void findsTheType(String text, ExpressionType type) {
        TypeChecker.Typed typed = TypeChecker.infer(parse(text), Vocabulary.standard());
        assertThat(typed.problems()).isEmpty();
        assertThat(typed.type()).contains(type);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '%', quoteCharacter = '~', textBlock = """
            request.path == 1                       % column 14: both sides of "==" must be of one type, not STRING and INT64
            response.code == "200"                  % column 18: both sides of "==" must be of type INT64, not STRING; write it without quotes
            source.ip == "10.0.0.1"                 % column 14: both sides of "==" must be of type IP_ADDRESS, not STRING; write ip("10.0.0.1")
            source.ip | "0.0.0.0"                   % column 13: both sides of "|" must be of type IP_ADDRESS, not STRING; write ip("0.0.0.0")
            source.ip < destination.ip              % column 11: "<" does not compare values of type IP_ADDRESS
            connection.mtls + true                  % column 17: "+" does not add values of type BOOL
            request.path && true                    % column 1: the left side of "&&" must be of type BOOL, not STRING
            true || 1                               % column 9: the right side of "||" must be of type BOOL, not INT64
            request.path["a"]                       % column 1: what stands before "[" must be of type STRING_MAP, not STRING
            source.labels[1]                        % column 15: the key must be of type STRING, not INT64
            match(response.code, "2*")              % column 7: argument 1 of "match" must be of type STRING, not INT64
            match(request.path)                     % column 1: "match" takes 2 arguments, not 1
            request.path.startsWith()               % column 14: "startsWith" takes 1 arguments, not 0
            source.ip.startsWith("10")              % column 1: what stands before ".startsWith" must be of type STRING, not IP_ADDRESS
            conditional(1, "a", "b")                % column 13: argument 1 of "conditional" must be of type BOOL, not INT64
            conditional(true, "a", 1)               % column 19: arguments 2 and 3 of "conditional" must be of type INT64, not STRING; write it without quotes
            conditional(true, 1.5, 1)               % column 1: arguments 2 and 3 of "conditional" must be of one type, not DOUBLE and INT64
            ip("10.0.0.300")                        % column 4: "10.0.0.300" is no IP address
            timestamp("yesterday")                  % column 11: "yesterday" is no time; write "2026-01-31T10:00:00Z"
            dnsName("a b")                          % column 9: "a b" is no host name
            email("a")                              % column 7: "a" is no mail address
            uri("a b")                              % column 5: "a b" is no URI
            response.duration > "fast"              % column 21: "fast" is no duration; write "100ms" or "5s"
            request.time | "now"                    % column 16: "now" is no time; write "2026-01-31T10:00:00Z"
            source.namepace                         % column 1: unknown attribute "source.namepace", did you mean "source.namespace"?
            source.labels.app                       % column 1: unknown attribute "source.labels.app"; a value of a map is written source.labels["app"]
            x.y == 1 && x.z                         % column 1: unknown attribute "x.y"; column 13: unknown attribute "x.z"
            """)
    void findsWhatDoesNotFit(String text, String problems) {
        assertThat(TypeChecker.infer(parse(text), Vocabulary.standard()).problems().stream()
                        .map(ExpressionProblem::toString)
                        .collect(Collectors.joining("; ")))
                .isEqualTo(problems);
    }

    @Test
    void checksAgainstWhatIsWanted() {
        assertThat(check("source.ip | ip(\"0.0.0.0\")", ExpressionType.IP_ADDRESS))
                .isEmpty();
        assertThat(check("\"10ms\"", ExpressionType.DURATION)).isEmpty();
        assertThat(check("request.path | source.ip", ExpressionType.STRING))
                .containsExactly("column 16: the value must be of type STRING, not IP_ADDRESS");
        assertThat(check("\"10.0.0.1\"", ExpressionType.IP_ADDRESS))
                .containsExactly("column 1: the value must be of type IP_ADDRESS, not STRING; write ip(\"10.0.0.1\")");
    }

    @Test
    void manifestsExtendTheVocabulary() {
        AttributeManifest manifest = AttributeManifest.newBuilder()
                .putAttributes(
                        "shop.basket",
                        AttributeInfo.newBuilder().setValueType(ValueType.INT64).build())
                .putAttributes("shop.unset", AttributeInfo.getDefaultInstance())
                .build();
        Vocabulary extended = Vocabulary.standard().with(manifest);
        assertThat(TypeChecker.infer(parse("shop.basket + 1"), extended).type()).contains(ExpressionType.INT64);
        assertThat(extended.type("shop.unset")).isEmpty();
        assertThat(Vocabulary.standard().type("shop.basket")).isEmpty();
    }

    private static java.util.List<String> check(String text, ExpressionType wanted) {
        return TypeChecker.check(parse(text), wanted, Vocabulary.standard()).problems().stream()
                .map(ExpressionProblem::toString)
                .toList();
    }

    private static Expression parse(String text) {
        return ((ParseResult.Parsed) ExpressionParser.parse(text)).expression();
    }
}
