package io.flotilla.config.object;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.flotilla.config.model.Diagnostic;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Bad input in bulk is refused with a clear error and few bytes. Time is printed and only loosely bounded: it is
 * measured in bench.
 */
class BulkInputTest {
    private static final long MAX_BYTES = 64L << 20;
    private static final long MAX_NANOS = 2_000_000_000L;
    private static final String ROUTES =
            "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec:\n";
    private static final ObjectReader READER = new ObjectReader(ReadOptions.DEFAULT);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TestFactory
    Stream<DynamicTest> isRefusedWithFewBytes() {
        return inputs().entrySet().stream()
                .map(input -> DynamicTest.dynamicTest(input.getKey(), () -> refused(input.getKey(), input.getValue())));
    }

    private static void refused(String name, String text) {
        for (int i = 0; i < 4; i++) {
            assertThat(READER.read("warm.yaml", text).allProblems()).isNotEmpty();
        }
        long thread = Thread.currentThread().threadId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        long start = System.nanoTime();
        ParsedFile file = READER.read("bulk.yaml", text);
        long nanos = System.nanoTime() - start;
        long bytes = THREADS.getThreadAllocatedBytes(thread) - before;
        System.out.printf("%-28s %5d ms %6d KiB %s%n", name, nanos / 1_000_000, bytes >> 10, first(file));
        assertThat(file.allProblems()).anyMatch(problem -> problem.severity() == Diagnostic.Severity.ERROR);
        assertThat(file.allProblems())
                .hasSizeLessThan(400)
                .allMatch(problem -> problem.toString().length() < 2_000);
        assertThat(bytes).isLessThan(MAX_BYTES);
        assertThat(nanos).isLessThan(MAX_NANOS);
    }

    private static String first(ParsedFile file) {
        return file.allProblems().stream().map(Diagnostic::toString).findFirst().orElse("");
    }

    private static Map<String, String> inputs() {
        Map<String, String> inputs = new TreeMap<>();
        inputs.put(
                "aliases",
                "a0: &a0 [x]\n" + lines(30, i -> "a" + (i + 1) + ": &a" + (i + 1) + " [*a" + i + ", *a" + i + "]\n"));
        inputs.put(
                "aliases of mappings",
                "a0: &a0 {x: y}\n"
                        + lines(
                                9,
                                i -> "a" + (i + 1) + ": &a" + (i + 1) + " {" + list(9, j -> "k" + j + ": *a" + i)
                                        + "}\n"));
        inputs.put("depth in brackets", "[".repeat(10_000) + "]".repeat(10_000));
        inputs.put("depth in braces", "{a: ".repeat(10_000) + "}".repeat(10_000));
        inputs.put("depth in dashes", "- ".repeat(10_000) + "x");
        inputs.put("depth in lines", lines(3_000, i -> " ".repeat(i) + "a:\n"));
        inputs.put("3 MiB of text", ROUTES + "  hosts: [\"" + "x".repeat(3 << 20) + "\"]\n");
        inputs.put(
                "3 MiB of routes",
                ROUTES + "  hosts: [a]\n  http:\n" + "  - route: [{destination: {host: a}}]\n".repeat(80_000));
        inputs.put("3 MiB of comments", ROUTES + "# x\n".repeat(800_000));
        inputs.put("3 MiB of an anchor", "&" + "a".repeat(3 << 20) + " x");
        inputs.put("2 MiB of a name", ROUTES.replace("name: a", "name: " + "a".repeat(1 << 20)) + "  hosts: [a]\n");
        inputs.put("10^5 hosts", ROUTES + "  hosts: [" + list(100_000, i -> "h" + i + ".a.io") + "]\n");
        inputs.put("10^5 bad hosts", ROUTES + "  hosts:\n" + "  - a b\n".repeat(100_000));
        inputs.put(
                "10^5 hosts of an entry",
                ROUTES.replace("VirtualService", "ServiceEntry") + "  hosts:\n"
                        + lines(100_000, i -> "  - h" + i + ".io\n"));
        inputs.put("10^5 unknown fields", ROUTES + lines(100_000, i -> "  hots" + i + ": x\n"));
        inputs.put("10^5 times the same key", ROUTES + "  a: x\n".repeat(100_000));
        inputs.put("10^5 gateways", ROUTES + "  hosts: [a]\n  gateways:\n" + "  - a/b/c\n".repeat(100_000));
        inputs.put("29,900 bad gateways", ROUTES + "  hosts: [a]\n  gateways:\n" + "  - a/b/c\n".repeat(29_900));
        inputs.put(
                "29,900 bad export", ROUTES + "  hosts: [a]\n  exportTo:\n" + lines(29_900, i -> "  - A" + i + "\n"));
        inputs.put("29,900 hosts", ROUTES + "  hosts:\n" + lines(29_900, i -> "  - h" + i + "\n"));
        inputs.put("2,000 wildcards", ROUTES + "  hosts:\n" + lines(2_000, i -> "  - \"*h" + i + ".io\"\n"));
        inputs.put("NUL", ROUTES + "  hosts: [\"a\u0000b\"]\n");
        inputs.put("NUL, escaped", ROUTES + "  hosts: [\"a\\0b\"]\n");
        inputs.put(
                "no UTF-8",
                new String(
                        new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xc0, '\n'},
                        java.nio.charset.StandardCharsets.UTF_8));
        inputs.put("a lone surrogate", ROUTES + "  hosts: [\"\uD800\"]\n");
        inputs.put("regex that nests", regexes("((((a{100}){100}){100}){100})", 1));
        inputs.put("regex that is long", regexes("(x+x+)+".repeat(150), 1));
        inputs.put("regex of classes", regexes("[a-z0-9]{1000}".repeat(11), 1));
        inputs.put("regexes, many", regexes("a{999}{10}", 20_000));
        inputs.put("regex of brackets", regexes("(".repeat(1_000), 1));
        inputs.put(
                "numbers",
                ROUTES + "  hosts: [a]\n  http: [{timeout: " + "9".repeat(1 << 20)
                        + ", retries: {attempts: 1e999999999}}]\n");
        inputs.put("a long unknown field", ROUTES + "  \"" + "a".repeat(1 << 20) + "\": x\n");
        inputs.put("keys that are lists", "? [a, b]\n: c\n");
        return inputs;
    }

    private static String regexes(String regex, int count) {
        return ROUTES + "  hosts: [a]\n  http:\n  - route: [{destination: {host: a}}]\n    match:\n"
                + ("    - uri: {regex: '" + regex + "'}\n").repeat(count);
    }

    private static String lines(int count, IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining());
    }

    private static String list(int count, IntFunction<String> item) {
        return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(", "));
    }
}
