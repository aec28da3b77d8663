package io.flotilla.config.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever the text is, it is read or refused, never with an exception and never for long. */
class ExpressionPropertyTest {
    private static final List<String> WORDS = List.of(
            "true",
            "false",
            "request.headers",
            "source.labels",
            "$out.x",
            "match",
            "ip",
            "startsWith",
            "conditional",
            "\"a\"",
            "`b`",
            "'c'",
            "\"\\",
            "\"\\u00",
            "1",
            "0x",
            "1.5e",
            "-",
            "&&",
            "||",
            "|",
            "==",
            "!=",
            "<",
            ">=",
            "+",
            "(",
            ")",
            "[",
            "]",
            ",",
            ".",
            " ",
            "\n",
            "!",
            "&",
            "=",
            "\u0000",
            "é",
            "😀",
            "\ud800");

    private static final List<String> SEEDS = List.of(
            "source.labels[\"app\"] == \"reviews\" && match(request.headers[\"cookie\"], \"user=*\") == false",
            "destination.labels[\"app\"] | destination.workload.name | \"unknown\"",
            "conditional((context.reporter.kind | \"inbound\") == \"outbound\", \"unknown\", \"none\")",
            "response.duration | \"0ms\"",
            "`^a+$`.matches(request.path) || request.path.startsWith(\"/x\")");

    @Property(tries = 3000)
    void anySequenceOfWordsIsReadOrRefused(@ForAll("words") String text) {
        readAndCheck(text);
    }

    @Property(tries = 1000)
    void anyTextIsReadOrRefused(@ForAll String text) {
        readAndCheck(text);
    }

    @Property(tries = 3000)
    void aMutatedExpressionIsReadOrRefused(
            @ForAll("seeds") String seed,
            @ForAll @IntRange(max = 200) int at,
            @ForAll @IntRange(max = 5) int removed,
            @ForAll("words") String put) {
        int from = at % seed.length();
        int to = Math.min(seed.length(), from + removed);
        readAndCheck(seed.substring(0, from) + put + seed.substring(to));
    }

    /** What was read is read again from how it is printed: nothing of the tree depends on the writing. */
    @Property(tries = 2000)
    void aTreeThatIsPrintedAndReadAgainIsTheSame(@ForAll("trees") String text) {
        if (ExpressionParser.parse(text) instanceof ParseResult.Parsed(Expression tree)) {
            String printed = ExpressionPrinter.print(tree);
            assertThat(ExpressionParser.parse(printed))
                    .isInstanceOfSatisfying(
                            ParseResult.Parsed.class,
                            again -> assertThat(ExpressionPrinter.print(again.expression()))
                                    .isEqualTo(printed));
        }
    }

    @Property(tries = 200)
    void theWorstOfEverySizeTakesBoundedTime(@ForAll("words") String unit) {
        String text = unit.isEmpty() ? "(" : unit;
        String big = text.repeat(ExpressionParser.MAX_LENGTH / text.length());
        long start = System.nanoTime();
        readAndCheck(big);
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    }

    private static void readAndCheck(String text) {
        assertThatCode(() -> {
                    switch (ExpressionParser.parse(text)) {
                        case ParseResult.Parsed(Expression expression) -> {
                            TypeChecker.infer(expression, Vocabulary.standard());
                            for (ExpressionType wanted : ExpressionType.values()) {
                                TypeChecker.check(expression, wanted, Vocabulary.standard());
                            }
                        }
                        case ParseResult.Broken(ExpressionProblem problem) ->
                            assertThat(problem.position()).isBetween(0, text.length());
                    }
                })
                .doesNotThrowAnyException();
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.of(WORDS).list().ofMaxSize(24).map(words -> String.join("", words));
    }

    @Provide
    Arbitrary<String> seeds() {
        return Arbitraries.of(SEEDS);
    }

    @Provide
    Arbitrary<String> trees() {
        Arbitrary<String> leaves = Arbitraries.of(
                "request.path",
                "\"a\\\"b\"",
                "`c`",
                "1",
                "-2",
                "1.5",
                "true",
                "source.labels[\"app\"]",
                "emptyStringMap()");
        Arbitrary<String> operators = Arbitraries.of(" && ", " || ", " | ", " == ", " + ", " < ");
        return Arbitraries.recursive(
                () -> leaves,
                inner -> Combinators.combine(inner, operators, inner)
                        .as((left, operator, right) ->
                                left.length() % 2 == 0 ? left + operator + right : "(" + left + operator + right + ")"),
                0,
                4);
    }
}
