package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedTestsTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path home;

    private void report(String path, Duration after, String cases) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<testsuite name=\"a\">" + cases);
        Files.setLastModifiedTime(file, FileTime.from(BEGIN.plus(after)));
    }

    @Test
    void namesModuleTestAndWhatItSaid() throws IOException {
        report("core/config/target/surefire-reports/TEST-a.xml", Duration.ofSeconds(9), """
                <testcase name="passes" classname="a.GoodTest"/>
                <testcase name="fails" classname="a.BadTest"><failure message="&#10;Expected: 1&#10;  but was: 2" type="E"/></testcase>
                <testcase name="breaks" classname="a.BadTest"><error type="java.io.IOException"/></testcase>
                <testcase name="waits" classname="a.BadTest"><skipped/></testcase></testsuite>""");
        report("e2e/target/failsafe-reports/TEST-b.xml", Duration.ofSeconds(9), "<testcase name=\"x\"");
        report("pilot/target/surefire-reports/TEST-old.xml", Duration.ofSeconds(-9), """
                <testcase name="old" classname="a.OldTest"><failure message="of yesterday"/></testcase></testsuite>""");
        report("pilot/target/other/TEST-c.xml", Duration.ofSeconds(9), """
                <testcase name="c" classname="a.C"><failure message="no report"/></testcase></testsuite>""");

        assertThat(FailedTests.since(FileTime.from(BEGIN), home))
                .containsExactly(
                        "core/config: a.BadTest.fails: Expected: 1 but was: 2",
                        "core/config: a.BadTest.breaks: java.io.IOException",
                        "e2e: TEST-b.xml cannot be read: the run of this class broke off");
    }
}
