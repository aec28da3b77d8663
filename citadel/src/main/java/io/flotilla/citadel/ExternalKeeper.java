package io.flotilla.citadel;

import com.google.protobuf.Timestamp;
import io.flotilla.api.identity.v1.StatusResponse;
import io.flotilla.citadel.backend.Backend;
import io.flotilla.citadel.revoke.RevocationLists;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.Trust;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** A backend whose authority is somebody else's: only whom to believe can change here. */
final class ExternalKeeper implements Keeper {
    private static final Logger LOG = Logger.getLogger("citadel");

    private final Backend backend;
    private final Authority seal;
    private Trust last;

    /**
     * Keeps it.
     *
     * @param seal of this process alone: after a restart workloads get new certificates
     */
    ExternalKeeper(Backend backend, Authority seal) {
        this.backend = backend;
        this.seal = seal;
        this.last = backend.trust();
    }

    @Override
    public Backend backend() {
        return backend;
    }

    @Override
    public Authority shared() {
        return seal;
    }

    @Override
    public RevocationLists.Issuers issuers() {
        return new RevocationLists.Issuers(backend.trust().roots(), List.of());
    }

    @Override
    public Instant end() {
        return backend.trust().notAfter();
    }

    @Override
    public synchronized void look(Consumer<Trust> changed) {
        try {
            Trust now = backend.trust();
            if (!now.equals(last)) {
                last = now;
                changed.accept(now);
            }
        } catch (RuntimeException e) {
            LOG.errorf("the roots stay as they were: %s", e.getMessage());
        }
    }

    @Override
    public Optional<String> rotate() {
        return Optional.of("the root belongs to " + backend.describe() + ": it is replaced there, and in root-file");
    }

    @Override
    public StatusResponse status() {
        Trust trust = backend.trust();
        StatusResponse.Builder status = StatusResponse.newBuilder()
                .setBackend(backend.describe())
                .setIssuer(trust.issuer())
                .setIssuerEnd(time(trust.notAfter()))
                .setPhase("steady");
        for (X509Certificate root : trust.roots()) {
            status.addRoots(StatusResponse.Root.newBuilder()
                    .setFingerprint(Certificates.fingerprint(root))
                    .setSubject(root.getSubjectX500Principal().getName())
                    .setNotBefore(time(root.getNotBefore().toInstant()))
                    .setNotAfter(time(root.getNotAfter().toInstant())));
        }
        return status.build();
    }

    private static Timestamp time(Instant instant) {
        return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
    }
}
