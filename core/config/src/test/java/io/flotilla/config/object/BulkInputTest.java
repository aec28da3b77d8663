package io.flotilla.config.object;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.flotilla.config.model.Diagnostic;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Bad input in bulk is refused with a clear error, few bytes and little time: that of the thread on its processor, so
 * that a busy machine changes nothing.
 */
class BulkInputTest {
    private static final long MAX_BYTES = 64L << 20;
    private static final long MAX_MICROS = 40_000;
    private static final ObjectReader READER = new ObjectReader(ReadOptions.DEFAULT);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TestFactory
    Stream<DynamicTest> isRefusedWithFewBytes() {
        return BulkInputs.all().entrySet().stream()
                .map(input -> DynamicTest.dynamicTest(input.getKey(), () -> refused(input.getKey(), input.getValue())));
    }

    private static void refused(String name, String text) {
        READER.read("warm.yaml", text);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        ParsedFile file = READER.read("bulk.yaml", text);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        System.out.printf("%-28s %6d KiB %s%n", name, bytes >> 10, first(file));
        assertThat(file.allProblems()).anyMatch(problem -> problem.severity() == Diagnostic.Severity.ERROR);
        assertThat(file.allProblems())
                .hasSizeLessThan(400)
                .allMatch(problem -> problem.toString().length() < 2_000);
        assertThat(bytes).isLessThan(MAX_BYTES);
    }

    /** In a JVM with the compilers that services have; tests have the quick one alone. */
    @Test
    void takesLittleTimeOfTheProcessor() throws IOException, InterruptedException {
        Process measured = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BulkInputs.class.getName(),
                        Long.toString(MAX_MICROS))
                .redirectErrorStream(true)
                .start();
        String printed = new String(measured.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(measured.waitFor()).as(printed).isZero();
        System.out.print(printed);
        assertThat(printed.lines())
                .hasSize(BulkInputs.all().size())
                .allSatisfy(line -> assertThat(Long.parseLong(line.substring(0, line.indexOf(' '))))
                        .as(line)
                        .isLessThan(MAX_MICROS));
    }

    private static String first(ParsedFile file) {
        return file.allProblems().stream().map(Diagnostic::toString).findFirst().orElse("");
    }
}
