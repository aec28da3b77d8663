package io.flotilla.config.cel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CelSyntaxTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "response.code >= 400",
                "response.code >= 400 || (connection.mtls && request.url_path.contains('v1beta3'))",
                "!has(request.auth.principal) ? 'none' : request.auth.principal",
                "request.headers['x-a'] in ['a', \"b\", r'\\d', b'\\x00', '''it's''',]",
                "{'a': 1, 'b': 2u,}['a'] == -0x1F + 1.5e-3 - .5",
                "xds.cluster_name.matches('^outbound.*$') // a comment",
                "list.exists(x, x.name == 'a') && list.map(x, x > 1, x * 2).size() != 0",
                "google.rpc.Status{code: 1, message: 'a',}.code == 1",
                ".a.b(c)[0].d",
                "--1 < !!true ? [] : {}",
                "'\\u00e9\\U0001F600\\101\\n' != null",
                "upstream_peer.workload.name",
                "-9223372036854775808",
                "18446744073709551615u",
                "a.filter(x, true)",
                "a.all",
                "a.package.for(x)",
                "!-9223372036854775808 && -0x8000000000000000 < 1",
                "in_a && as_b && truex",
            })
    void takesWhatIsAnExpression(String text) {
        assertThat(CelSyntax.problem(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "; 1; is empty",
                "response.code >; 16; expected a value, not the end",
                "response.code >== 400; 17; \"=\" alone is no operator; write \"==\"",
                "a = b; 3; \"=\" alone is no operator; write \"==\"",
                "a & b; 3; \"&\" alone is no operator; write \"&&\"",
                "a b; 3; expected an operator or the end, not \"b\"",
                "(a; 3; expected \")\", not the end",
                "a); 2; expected an operator or the end, not \")\"",
                "'abc; 1; the string that begins here is not closed",
                "'\\q'; 2; no such escape; a backslash itself is \"\\\\\"",
                "'\\x0g'; 2; \"\\x\" needs 2 hexadecimal digits",
                "a ? b; 6; expected \":\", not the end",
                "a.; 3; expected a name after the dot, not the end",
                "a.1; 2; expected an operator or the end, not \".1\"",
                "[1, 2; 6; expected \",\", not the end",
                "[,]; 2; expected a value, not \",\"",
                "{a}; 3; expected \":\", not \"}\"",
                "a[]; 3; expected a value, not \"]\"",
                "f(a,); 5; expected a value, not \")\"",
                "1x; 1; is no number",
                "1e; 2; an exponent needs digits",
                "0x; 1; is no number",
                "9223372036854775809; 1; is a number of more than 64 bits",
                "has(a); 1; \"has\" takes one argument, a field: has(a.b)",
                "a.all(x.y, true); 3; the first argument of \"all\" must be a name",
                "package == 1; 1; \"package\" is a reserved word",
                "T{1: 2}; 3; expected the name of a field, not \"1\"",
                "a ! b; 3; expected an operator or the end, not \"!\"",
                "a $ b; 3; \"$\" has no meaning here",
                "!-a; 3; expected a number, not \"a\"",
                "b-9223372036854775808; 3; is a number of more than 64 bits",
                "--9223372036854775808; 3; is a number of more than 64 bits",
            })
    void saysWhereAndWhy(String row) {
        String[] parts = row.split("; ", 3);
        assertThat(CelSyntax.problem(parts[0])).contains(new CelProblem(Integer.parseInt(parts[1]), parts[2]));
    }

    @Test
    void deepAndLongTextsEnd() {
        assertThat(CelSyntax.problem("(".repeat(99) + "a" + ")".repeat(99))).isEmpty();
        assertThat(CelSyntax.problem("(".repeat(5_000)))
                .map(CelProblem::message)
                .contains("is nested deeper than 100");
        assertThat(CelSyntax.problem("a".repeat(10_001)))
                .map(CelProblem::message)
                .contains("has 10001 characters; at most 10000");
        assertThat(CelSyntax.problem("!".repeat(9_000) + "a")).isEmpty();
        assertThat(CelSyntax.problem("a?b:".repeat(90) + "c")).isEmpty();
    }

    @Test
    void anyTextHasAnAnswer() {
        Random random = new Random(1);
        String letters = "ab.()[]{}'\"\\rb?:,&|=!<>+-*/%0x1eu \n$";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(14); j >= 0; j--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            Optional<CelProblem> problem = CelSyntax.problem(text.toString());
            assertThat(problem.map(CelProblem::column).orElse(1))
                    .as(text.toString())
                    .isBetween(1, text.length() + 1);
        }
    }
}
