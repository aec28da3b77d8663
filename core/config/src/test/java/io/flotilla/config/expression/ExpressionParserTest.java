package io.flotilla.config.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionParserTest {
    @ParameterizedTest
    @CsvSource(delimiter = '%', quoteCharacter = '~', textBlock = """
            true                                            % true
            a.b                                             % a.b
            $out.source_labels                              % $out.source_labels
            "x"                                             % 'x'
            `a\\d`                                          % 'a\\d'
            "a\\"b\\u0041\\x42\\103\\n"                     % 'a"bABC⏎'
            10                                              % 10
            0x1F                                            % 31
            017                                             % 15
            -9223372036854775808                            % -9223372036854775808
            1.5e3                                           % 1500.0
            a == b && c == d || e                           % (((a == b) && (c == d)) || e)
            a || b && c                                     % (a || (b && c))
            a | b == c                                      % ((a | b) == c)
            a | b | "c"                                     % ((a | b) | 'c')
            a + b | c                                       % ((a + b) | c)
            a == b == c                                     % ((a == b) == c)
            (a | b) != (c)                                  % ((a | b) != c)
            a <= 1 && b >= 2 && c < 3 && d > 4              % ((((a <= 1) && (b >= 2)) && (c < 3)) && (d > 4))
            m["k"]                                          % m['k']
            m[n["k"] | "d"]                                 % m[(n['k'] | 'd')]
            match(a.b, "x*")                                % match(a.b, 'x*')
            a.b.startsWith("x")                             % startsWith(a.b, 'x')
            "x.*".matches(a.b)                              % matches('x.*', a.b)
            m["k"].endsWith("x")                            % endsWith(m['k'], 'x')
            (a | "b").startsWith("x") == false              % (startsWith((a | 'b'), 'x') == false)
            conditional(a, b, c) | emptyStringMap()         % (conditional(a, b, c) | emptyStringMap())
            """)
    void readsByTheRulesOfPrecedence(String text, String tree) {
        assertThat(ExpressionParser.parse(text))
                .isInstanceOfSatisfying(
                        ParseResult.Parsed.class,
                        parsed -> assertThat(print(parsed.expression())).isEqualTo(tree.replace("⏎", "\n")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '%', quoteCharacter = '~', textBlock = """
            ~~                        % 1  % the expression is empty
            a ==                      % 5  % a value is expected (an attribute, a call, a number or text in quotes), not the end
            == a                      % 1  % a value is expected (an attribute, a call, a number or text in quotes), not "=="
            a b                       % 3  % "b" is not expected here; an operator is missing
            a = b                     % 3  % there is no "="; write "=="
            !a                        % 1  % there is no "!"; write "== false"
            a & b                     % 3  % there is no "&"; write "&&"
            a == 'b'                  % 6  % text stands in double quotes, not in single ones
            a == "b                   % 6  % the quote " is not closed
            a == `b                   % 6  % the quote ` is not closed
            "\\d".matches(a)          % 2  % "\\d" is no escape; a backslash in a regular expression is written twice, or the text stands between ` and `
            "\\uD83"                  % 2  % the escape needs 4 digits of a character
            a ? b                     % 3  % "?" has no meaning here
            a - 1                     % 3  % "-" is not expected here; an operator is missing
            -a                        % 1  % there is no "-" but in front of a number
            (a                        % 3  % ")" is expected for the bracket of column 1, not the end
            m["k"                     % 6  % "]" is expected for the bracket of column 2, not the end
            match(a, "b"              % 13 % ")" is expected for the bracket of column 6, not the end
            match(a, )                % 10 % a value is expected (an attribute, a call, a number or text in quotes), not ")"
            mach(a, "b")              % 1  % unknown function "mach", did you mean "match"?
            startsWith(a, "b")        % 1  % "startsWith" is called on a text: "...".startsWith(...)
            "a".match("b")            % 5  % "match" is called on nothing: match(...)
            "a".startsWith            % 15 % "(" is expected after "startsWith"
            "a".                      % 4  % after "." a method is expected, such as startsWith
            9223372036854775808       % 1  % 9223372036854775808 is beyond 64 bits
            0x                        % 1  % 0x is no number
            089                       % 1  % 089 is no number
            12ab                      % 1  % 12ab is no number
            1.5x                      % 1  % 1.5x is no number
            1e                        % 1  % 1e is no number
            """)
    void saysWhereAndWhyItCannotBeRead(String text, int column, String message) {
        assertThat(ExpressionParser.parse(text))
                .isInstanceOfSatisfying(
                        ParseResult.Broken.class,
                        broken ->
                                assertThat(broken.problem().toString()).isEqualTo("column " + column + ": " + message));
    }

    @Test
    void refusesWhatIsTooBig() {
        assertThat(kind("a".repeat(ExpressionParser.MAX_LENGTH + 1))).isEqualTo(ExpressionProblem.Kind.SIZE);
        assertThat(ExpressionParser.parse("a".repeat(257))).isInstanceOf(ParseResult.Broken.class);
        assertThat(kind("(".repeat(ExpressionParser.MAX_NESTING + 1) + "a")).isEqualTo(ExpressionProblem.Kind.SIZE);
        assertThat(kind("a" + " || a".repeat(ExpressionParser.MAX_OPERATORS + 1)))
                .isEqualTo(ExpressionProblem.Kind.SIZE);
        assertThat(kind("a" + "[\"k\"]".repeat(ExpressionParser.MAX_OPERATORS + 1)))
                .isEqualTo(ExpressionProblem.Kind.SIZE);
        assertThat(kind("ip(".repeat(ExpressionParser.MAX_NESTING + 1))).isEqualTo(ExpressionProblem.Kind.SIZE);
        assertThat(ExpressionParser.parse("a" + " || a".repeat(ExpressionParser.MAX_OPERATORS)))
                .isInstanceOf(ParseResult.Parsed.class);
    }

    private static ExpressionProblem.Kind kind(String text) {
        return ((ParseResult.Broken) ExpressionParser.parse(text)).problem().kind();
    }

    static String print(Expression expression) {
        return switch (expression) {
            case Expression.Text(String value, int at) -> "'" + value + "'";
            case Expression.Whole(long value, int at) -> Long.toString(value);
            case Expression.Real(double value, int at) -> Double.toString(value);
            case Expression.Truth(boolean value, int at) -> Boolean.toString(value);
            case Expression.Attribute(String name, int at) -> name;
            case Expression.Index(Expression map, Expression key, int at) -> print(map) + "[" + print(key) + "]";
            case Expression.Binary(Operator operator, Expression left, Expression right, int at) ->
                "(" + print(left) + " " + operator.symbol() + " " + print(right) + ")";
            case Expression.Call call ->
                call.function().symbol()
                        + call.arguments().stream()
                                .map(ExpressionParserTest::print)
                                .collect(Collectors.joining(", ", "(", ")"));
        };
    }
}
