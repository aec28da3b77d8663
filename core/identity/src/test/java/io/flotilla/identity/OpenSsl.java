package io.flotilla.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs openssl in a folder: what it makes is no work of ours, and what it says of ours is another's word. */
public record OpenSsl(Path folder) {
    /** What a run left. */
    public record Result(int status, String output) {}

    /** Runs one command and insists that it worked. */
    public OpenSsl run(String command) {
        Result result = attempt(command);
        assertThat(result.status())
                .as("openssl %s: %s", command, result.output())
                .isZero();
        return this;
    }

    /** Runs one command, words apart by spaces. */
    public Result attempt(String command) {
        List<String> words = new ArrayList<>(List.of("openssl"));
        words.addAll(Arrays.asList(command.split(" ")));
        try {
            Process process = new ProcessBuilder(words)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new IllegalStateException("these tests need openssl (Debian: apt install openssl)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Writes a configuration for {@code req -config}: no prompts, these lines for extensions. */
    public OpenSsl requestConfig(String name, String... extensions) {
        return write(name, """
                [req]
                prompt = no
                distinguished_name = dn
                string_mask = utf8only
                %s
                [dn]
                O = cluster.local
                [ext]
                %s
                """.formatted(
                        extensions.length == 0 ? "" : "req_extensions = ext", String.join("\n", extensions)));
    }

    public OpenSsl write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
            return this;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
