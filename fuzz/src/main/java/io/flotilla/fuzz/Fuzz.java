package io.flotilla.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a target under Jazzer (libFuzzer with coverage of our classes) in a JVM of its own. Inputs that reach new code
 * are kept in the folder's "corpus" and are where the next run begins; what breaks the target is in "findings".
 */
public final class Fuzz {
    private static final int SEED_BYTES = 16_000;
    private static final int SLOW_SECONDS = 30;

    private Fuzz() {}

    /**
     * What a run found.
     *
     * @param findings inputs that break the target
     * @param inputs   kept in the corpus, seeds among them
     * @param log      what the fuzzer printed
     */
    public record Outcome(List<Path> findings, long inputs, Path log) {}

    /** Arguments: seconds for each target, folder, names of targets (all where none is given). */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 2) {
            System.err.println("usage: Fuzz SECONDS FOLDER [TARGET...]   targets: "
                    + Targets.all().keySet());
            System.exit(2);
        }
        int seconds = Integer.parseInt(arguments[0]);
        List<String> names = List.of(arguments).subList(2, arguments.length);
        boolean found = false;
        for (String name : names.isEmpty() ? Targets.all().keySet() : names) {
            Targets.Target target = Targets.all().get(name);
            if (target == null) {
                System.err.println(
                        "no target " + name + "; there are " + Targets.all().keySet());
                System.exit(2);
                return;
            }
            Path folder = Path.of(arguments[1]).resolve(name);
            Outcome outcome = run(target.type(), seeds(target), folder, seconds);
            System.out.printf(
                    "%s: %d s, %d inputs kept, findings: %s%n", name, seconds, outcome.inputs(), outcome.findings());
            found |= !outcome.findings().isEmpty();
        }
        System.exit(found ? 1 : 0);
    }

    /** The files that a target begins with. */
    public static List<Path> seeds(Targets.Target target) throws IOException {
        Path root = Path.of(System.getProperty("flotilla.root", "."));
        List<Path> seeds = new ArrayList<>();
        for (String folder : target.seeds()) {
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                seeds.addAll(files.filter(Fuzz::isSeed).sorted().toList());
            }
        }
        return List.copyOf(seeds);
    }

    private static boolean isSeed(Path file) {
        try {
            return Files.isRegularFile(file)
                    && Files.size(file) <= SEED_BYTES
                    && !file.toString().endsWith(".txt")
                    && !file.toString().contains("/target/");
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs a target for that many seconds, or until something breaks. */
    public static Outcome run(Class<?> target, List<Path> seeds, Path folder, int seconds)
            throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path findings = Files.createDirectories(folder.resolve("findings"));
        for (Path seed : seeds) {
            String name = "seed-" + Integer.toHexString(seed.toString().hashCode());
            Files.copy(seed, corpus.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        Path words = folder.resolve("words.dict");
        Files.writeString(words, Words.dictionary(), StandardCharsets.UTF_8);
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(command(target, seconds, corpus, findings, words))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Thread stop = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(stop);
        int exit = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(stop);
        List<Path> found = files(findings);
        if (exit != 0 && found.isEmpty()) {
            throw new IOException("the fuzzer ended with " + exit + " and no finding, see " + log);
        }
        return new Outcome(found, files(corpus).size(), log);
    }

    private static List<String> command(Class<?> target, int seconds, Path corpus, Path findings, Path words) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=io.flotilla.**",
                "--instrumentation_excludes=io.flotilla.api.**",
                "--custom_hook_includes=io.flotilla.**",
                "--custom_hook_excludes=io.flotilla.api.**",
                "--reproducer_path=" + findings.toAbsolutePath(),
                "-artifact_prefix=" + findings.toAbsolutePath() + "/",
                "-dict=" + words.toAbsolutePath(),
                "-max_total_time=" + seconds,
                "-timeout=" + SLOW_SECONDS,
                "-report_slow_units=" + SLOW_SECONDS,
                "-rss_limit_mb=3072",
                "-max_len=" + SEED_BYTES,
                corpus.toAbsolutePath().toString());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
