package io.flotilla.citadel.backend;

import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.SigningSlot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * An authority that somebody else made, in the files of the classic Secret {@code cacerts}: ca-cert.pem, ca-key.pem,
 * root-cert.pem (one or more roots) and cert-chain.pem.
 *
 * @param folder where the Secret is mounted
 */
public record PluggedFolder(Path folder) {
    /** The slot that the files make now; what is wrong with them is told by the exception. */
    public SigningSlot load(Instant now) throws IOException {
        String certificate = Files.readString(folder.resolve("ca-cert.pem"));
        Authority authority = Authority.parse(certificate, Files.readString(folder.resolve("ca-key.pem")))
                .orElseThrow(() -> new IOException(folder
                        + ": ca-cert.pem and ca-key.pem are not a signing certificate (CA:TRUE, certificate signing,"
                        + " RSA of 2048 bits or EC of 256 at least) and its unencrypted key"));
        List<X509Certificate> roots = certificates("root-cert.pem");
        List<X509Certificate> chain =
                Files.exists(folder.resolve("cert-chain.pem")) ? certificates("cert-chain.pem") : List.of();
        return switch (SigningSlot.of(authority, chain, roots, now)) {
            case SigningSlot.Outcome.Good good -> good.slot();
            case SigningSlot.Outcome.Bad bad -> throw new IOException(folder + ": " + bad.message());
        };
    }

    private List<X509Certificate> certificates(String file) throws IOException {
        return Certificates.parse(Files.readString(folder.resolve(file)))
                .orElseThrow(() -> new IOException(folder.resolve(file) + " holds no certificate"));
    }
}
