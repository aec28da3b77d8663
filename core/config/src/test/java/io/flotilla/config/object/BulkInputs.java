package io.flotilla.config.object;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Bad input in bulk, by name. Run as a program it prints what each takes of the thread's time, once it is warm. */
final class BulkInputs {
    private static final String ROUTES =
            "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec:\n";
    private static final int ATTEMPTS = 40;
    private static final int AT_LEAST = 6;

    private BulkInputs() {}

    /** Arguments: microseconds below which an input need not be tried again. Prints "MICROSECONDS NAME". */
    public static void main(String[] arguments) {
        long enough = Long.parseLong(arguments[0]);
        ObjectReader reader = new ObjectReader(ReadOptions.DEFAULT);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        all().forEach((name, text) -> {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < AT_LEAST || (i < ATTEMPTS && least >= enough); i++) {
                long start = threads.getCurrentThreadCpuTime();
                reader.read("bulk.yaml", text);
                least = Math.min(least, (threads.getCurrentThreadCpuTime() - start) / 1_000);
            }
            System.out.println(least + " " + name);
        });
    }

    static Map<String, String> all() {
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
