package io.flotilla.gateway.secret;

import io.flotilla.identity.credential.CredentialCheck;
import io.flotilla.identity.credential.TlsCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads a directory of credentials: manifests of Kubernetes Secrets (*.yaml), of which those of other namespaces are
 * passed over, and directories NAME with tls.crt, tls.key and ca.crt, as mounted Secrets have them.
 *
 * @param directory what is read
 * @param namespace the gateway's own
 */
record CredentialFolder(Path directory, String namespace) {
    /**
     * What the directory holds now.
     *
     * @param credentials by name
     * @param problems    files that cannot be used, and why
     */
    record Content(Map<String, TlsCredential> credentials, List<String> problems) {}

    Content read() throws IOException {
        Map<String, TlsCredential> credentials = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        List<Path> entries;
        try (Stream<Path> listed = Files.list(directory)) {
            entries = listed.filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        for (Path entry : entries) {
            try {
                for (TlsCredential credential : credentials(entry)) {
                    Optional<String> problem = CredentialCheck.problem(credential);
                    if (problem.isPresent()) {
                        problems.add(entry + ": " + credential + ": " + problem.get());
                    } else {
                        credentials.put(credential.name(), credential);
                    }
                }
            } catch (IOException e) {
                problems.add(entry + ": cannot be read: " + e.getMessage());
            }
        }
        return new Content(credentials, problems);
    }

    private List<TlsCredential> credentials(Path entry) throws IOException {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry)) {
            return List.of(new TlsCredential(
                    name,
                    text(entry.resolve("tls.crt")),
                    text(entry.resolve("tls.key")),
                    text(entry.resolve("ca.crt"))));
        }
        return name.endsWith(".yaml") || name.endsWith(".yml")
                ? SecretManifests.read(Files.readString(entry), namespace)
                : List.of();
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
