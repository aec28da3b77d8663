package io.flotilla.mesh.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path home;

    private Path jar;
    private ClassArchive archive;

    @BeforeEach
    void build() throws IOException {
        jar = Components.jar(home, "galley");
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "");
        Files.setLastModifiedTime(jar, FileTime.from(BUILT));
        archive = ClassArchive.of(home, "galley");
    }

    @Test
    void withoutOneAProgramStartsAsItIs() {
        assertThat(archive.isCurrent()).isFalse();
        assertThat(archive.use()).isEmpty();
    }

    @Test
    void whatAProgramWroteIsUsedOnceItIsWhole() throws IOException {
        String option = archive.write().getFirst();
        Path unfinished = Path.of(option.substring("-XX:ArchiveClassesAtExit=".length()));
        Files.writeString(unfinished, "classes");
        assertThat(archive.use()).isEmpty();

        assertThat(archive.keep()).isTrue();
        assertThat(unfinished).doesNotExist();
        assertThat(archive.use()).contains("-XX:SharedArchiveFile=" + jar.resolveSibling("classes.jsa"));
    }

    @Test
    void oneFitsACopyOfTheJarElsewhere() throws IOException, InterruptedException {
        ClassArchive own = new ClassArchive(jar(Path.of("program.jar")), "program.jsa");
        Process program = run(own.write(), own.jar());
        program.destroy();
        program.waitFor();
        assertThat(own.keep()).isTrue();

        List<String> options = new ArrayList<>(own.use());
        options.add("-Xlog:class+load:stderr");
        Process second = run(options, jar(Path.of("another/run/program.jar")));
        try (BufferedReader log = second.errorReader()) {
            assertThat(log.lines()
                            .filter(line -> line.contains(Waiting.class.getName()))
                            .findFirst())
                    .hasValueSatisfying(line -> assertThat(line).contains("shared objects file (top)"));
        } finally {
            second.destroyForcibly().waitFor();
        }
    }

    /** A program that has started when it says so, and goes on until its input ends. */
    public static final class Waiting {
        public static void main(String[] arguments) throws IOException {
            System.out.println("started");
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private Path jar(Path name) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        String entry = Waiting.class.getName().replace('.', '/') + ".class";
        try (InputStream code = ClassArchiveTest.class.getClassLoader().getResourceAsStream(entry);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
            JarEntry place = new JarEntry(entry);
            place.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
            out.putNextEntry(place);
            code.transferTo(out);
        }
        Files.setLastModifiedTime(file, FileTime.from(BUILT));
        return file;
    }

    private static Process run(List<String> options, Path jar) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(options);
        command.addAll(List.of("-cp", jar.toString(), Waiting.class.getName()));
        Process process = new ProcessBuilder(command).start();
        assertThat(process.inputReader().readLine()).isEqualTo("started");
        return process;
    }

    @Test
    void aNewBuildIsNotStartedFromAnOldArchive() throws IOException {
        Path file = Files.writeString(jar.resolveSibling("classes.jsa"), "classes");
        Files.setLastModifiedTime(file, FileTime.from(BUILT.minusSeconds(1)));
        assertThat(archive.use()).isEmpty();

        Files.setLastModifiedTime(file, FileTime.from(BUILT));
        assertThat(archive.use()).isNotEmpty();
    }

    @Test
    void aProgramThatWroteNothingLeavesNothing() throws IOException {
        assertThat(archive.keep()).isFalse();
    }
}
