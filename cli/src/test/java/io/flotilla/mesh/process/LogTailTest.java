package io.flotilla.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTailTest {
    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            2026-11-23 11:02:20.074 ERROR galley cannot read the directory   > galley cannot read the directory
            [2026-11-23 11:02:20,074] ERROR Exiting Kafka (kafka.Kafka$)      > Exiting Kafka (kafka.Kafka$)
            Exception in thread "main" java.lang.IllegalStateException: no    > Exception in thread "main" java.lang.IllegalStateException: no
            Caused by: java.net.BindException: Address already in use         > Caused by: java.net.BindException: Address already in use
            Error: Unable to access jarfile x.jar                             > Error: Unable to access jarfile x.jar
            """)
    void theLastErrorIsTold(String line, String error) {
        assertThat(LogTail.error(List.of("x ERROR an earlier one", line, "\tat a.B.c(D.java:1)")))
                .contains(error);
    }

    @Test
    void othersAreNone() {
        assertThat(LogTail.error(List.of("2026-11-23 11:02:20.074 INFO  galley no ERRORS, 0 errors")))
                .isEmpty();
        assertThat(LogTail.error(List.of("x ERROR " + "a".repeat(1_000))).orElseThrow())
                .hasSize(203)
                .endsWith("...");
    }

    @Test
    void whatAnEarlierProcessLoggedIsNotOfThisOne(@TempDir Path folder) throws IOException {
        Path log = Files.writeString(folder.resolve("a.log"), "x ERROR before\n");
        long start = Files.size(log);
        assertThat(LogTail.error(log, start)).isEmpty();
        Files.writeString(log, "x ERROR before\n" + "more\n".repeat(10_000) + "x ERROR now\n");
        assertThat(LogTail.error(log, start)).contains("now");
        Files.writeString(log, "x ERROR anew\n");
        assertThat(LogTail.error(log, start)).as("the log was cut").contains("anew");
        assertThat(LogTail.error(folder.resolve("none"), 0)).isEmpty();
    }
}
