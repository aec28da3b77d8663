package io.flotilla.citadel;

import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.token.LocalTokenIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a Citadel of a test, which makes its root and believes one issuer of tokens.
 *
 * @param folder of this test alone
 */
record CitadelFiles(Path folder) {
    static CitadelFiles believing(LocalTokenIssuer issuer) {
        try {
            Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "citadel");
            Files.writeString(folder.resolve("jwks.json"), issuer.jwks());
            return new CitadelFiles(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of that name and content. */
    String with(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a Citadel on free ports, and what a test wants more. */
    Map<String, String> settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put("flotilla.port", "-1");
        all.put("flotilla.ca-dir", folder.resolve("ca").toString());
        all.put("flotilla.root-out", root().toString());
        all.put("flotilla.jwks-file", folder.resolve("jwks.json").toString());
        all.put("quarkus.http.test-port", "0");
        return all;
    }

    /** Where the roots are, for others. */
    Path root() {
        return folder.resolve("root-cert.pem");
    }

    List<X509Certificate> roots() throws IOException {
        return Certificates.parse(Files.readString(root())).orElseThrow();
    }
}
