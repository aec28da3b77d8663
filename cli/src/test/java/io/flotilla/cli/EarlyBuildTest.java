package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EarlyBuildTest {
    @TempDir
    private Path home;

    private void script(String program, String text) throws IOException {
        Path script = home.resolve("e2e").resolve(program).resolve("build");
        Files.createDirectories(script.getParent());
        Files.writeString(script, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void runsBesideAndSaysWhatItDoesInItsLog() throws IOException, InterruptedException {
        script("kubemini", "echo /cache/kubemini-1; echo building >&2");

        try (EarlyBuild early = EarlyBuild.begin(home, true).orElseThrow()) {
            early.await();
        }

        assertThat(home.resolve("target/early-builds.log")).content().isEqualTo("/cache/kubemini-1\nbuilding\n");
    }

    @Test
    void oneThatFailsKeepsNoneFromBeingBuilt() throws IOException, InterruptedException {
        script("kubemini", "echo first; exit 2");
        script("registry", "echo second");

        try (EarlyBuild early = EarlyBuild.begin(home, true).orElseThrow()) {
            early.await();
        }

        assertThat(home.resolve("target/early-builds.log")).content().isEqualTo("first\nsecond\n");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void endsWithTheTestsAndAllThatItStarted() throws IOException, InterruptedException {
        Path begun = home.resolve("begun");
        new ProcessBuilder("mkfifo", begun.toString()).start().waitFor();
        script("registry", "echo never");
        script("kubemini", "sleep 300 & echo $! >" + begun + "; wait");

        EarlyBuild early = EarlyBuild.begin(home, true).orElseThrow();
        // Waits until there is something to end: who ends a shell that is just starting it misses it.
        long started = Long.parseLong(Files.readString(begun).strip());
        ProcessHandle child = ProcessHandle.of(started).orElseThrow();
        early.close();

        early.await();
        child.onExit().join();
        assertThat(home.resolve("target/early-builds.log")).isEmptyFile();
    }

    @Test
    void isNotTriedWhereItCannotBeDone() throws IOException {
        script("kubemini", "echo never");

        assertThat(EarlyBuild.begin(home, false)).isEmpty();
        assertThat(EarlyBuild.begin(home.resolve("elsewhere"), true)).isEmpty();
        assertThat(home.resolve("target")).doesNotExist();
    }
}
