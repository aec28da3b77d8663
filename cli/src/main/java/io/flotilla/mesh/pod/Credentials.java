package io.flotilla.mesh.pod;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.identity.token.ServiceAccountToken;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Plays the API server's part in identity: signs service account tokens, hands the root certificate on. */
public final class Credentials {
    private final StateFolder state;
    private final LocalTokenIssuer issuer;
    private final SecureRandom random = new SecureRandom();
    private final Clock clock = Clock.systemUTC();

    private Credentials(StateFolder state, LocalTokenIssuer issuer) {
        this.state = state;
        this.issuer = issuer;
    }

    /** Makes the issuer's key, or takes the one that is there, and writes its public half for Citadel. */
    public static Credentials open(StateFolder state) throws IOException {
        Path file = state.keys().resolve("issuer.pem");
        Optional<LocalTokenIssuer> kept =
                Files.exists(file) ? LocalTokenIssuer.parse(Files.readString(file)) : Optional.empty();
        LocalTokenIssuer issuer = kept.orElseGet(() -> LocalTokenIssuer.create(new SecureRandom()));
        if (kept.isEmpty()) {
            StateFolder.writeSecret(file, issuer.pem());
        }
        StateFolder.write(jwks(state), issuer.jwks());
        return new Credentials(state, issuer);
    }

    public static Path jwks(StateFolder state) {
        return state.keys().resolve("jwks.json");
    }

    /** Where Citadel writes the root certificate. */
    public static Path root(StateFolder state) {
        return state.keys().resolve("root-cert.pem");
    }

    /**
     * Writes a token, readable by its owner alone.
     *
     * @param owner user id of the reader; 0 for the mesh's owner
     */
    public void writeToken(Path file, LocalPod.Identity pod, LocalVolume.Token wish, int owner) throws IOException {
        LocalTokenIssuer.TokenRequest request = new LocalTokenIssuer.TokenRequest(
                new ServiceAccount(pod.namespace(), pod.serviceAccount()),
                Optional.of(new ServiceAccountToken.Pod(pod.name(), pod.uid())),
                wish.audience(),
                wish.lifetime());
        Path draft = file.resolveSibling("." + file.getFileName() + ".new");
        StateFolder.writeSecret(draft, issuer.mint(request, clock.instant(), random));
        if (owner > 0) {
            Files.setAttribute(draft, "unix:uid", owner);
        }
        Files.move(
                draft,
                file,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** When a token that is written now must be written again: after 80 % of its life, as the kubelet does. */
    public static Duration renewal(LocalVolume.Token wish) {
        return wish.lifetime().multipliedBy(4).dividedBy(5);
    }

    /** The root certificate, as soon as Citadel has written it. */
    public Optional<String> root() {
        Path file = root(state);
        try {
            return Files.exists(file)
                    ? Optional.of(Files.readString(file)).filter(text -> !text.isBlank())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
