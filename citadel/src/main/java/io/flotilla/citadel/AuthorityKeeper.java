package io.flotilla.citadel;

import com.google.protobuf.Timestamp;
import io.flotilla.api.identity.v1.StatusResponse;
import io.flotilla.citadel.backend.LocalBackend;
import io.flotilla.citadel.backend.PluggedFolder;
import io.flotilla.citadel.revoke.RevocationLists;
import io.flotilla.citadel.root.RootRotation;
import io.flotilla.identity.KeyKind;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.SigningSlot;
import io.flotilla.identity.authority.Trust;
import io.flotilla.identity.rotation.Rotation;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a local backend with the right slot: looks at the store or the folder again and again, takes the rotation's
 * steps, and makes this replica's own intermediate where that is wanted. What is damaged changes nothing.
 */
final class AuthorityKeeper implements Keeper {
    private static final Logger LOG = Logger.getLogger("citadel");

    private final Source source;
    private final Replica replica;
    private final Clock clock;
    private final SecureRandom random;
    private final LocalBackend backend;
    private @Nullable Authority above;
    private RootRotation.@Nullable Roots roots;
    private String problem = "";
    private Instant end = Instant.MAX;

    /** Where the signing authority comes from. */
    sealed interface Source {
        record SelfSigned(RootRotation rotation) implements Source {}

        record Plugged(PluggedFolder folder) implements Source {}
    }

    /**
     * Whether each process signs by an intermediate of its own.
     *
     * @param name of this one, for the intermediate's subject
     * @param life of the intermediate
     * @param kind of its key
     */
    record Replica(boolean own, String name, Duration life, KeyKind kind) {}

    AuthorityKeeper(Source source, Replica replica, Clock clock, SecureRandom random) throws IOException {
        this.source = source;
        this.replica = replica;
        this.clock = clock;
        this.random = random;
        SigningSlot first = read();
        above = first.authority();
        String name = switch (source) {
            case Source.SelfSigned root -> "its own root";
            case Source.Plugged plugged ->
                "the authority in " + plugged.folder().folder();
        };
        backend = new LocalBackend(replica.own() ? name + ", by an intermediate" : name, own(first), random);
    }

    @Override
    public LocalBackend backend() {
        return backend;
    }

    @Override
    public synchronized Authority shared() {
        return Objects.requireNonNull(above);
    }

    /**
     * Only a root that signs by itself has no leaves of others: intermediates of other processes, and those that were
     * plugged in before, may have leaves whose list nobody here can make. A root that was plugged in is such a one where
     * its path length lets nobody sign below it.
     */
    @Override
    public synchronized RevocationLists.Issuers issuers() {
        RootRotation.Roots now = roots;
        if (source instanceof Source.Plugged
                && !replica.own()
                && shared().certificate().getBasicConstraints() == 0) {
            return new RevocationLists.Issuers(backend.trust().roots(), List.of(shared()));
        }
        if (now == null || replica.own()) {
            return new RevocationLists.Issuers(backend.trust().roots(), List.of());
        }
        return new RevocationLists.Issuers(
                now.trusted(),
                Stream.concat(Stream.of(now.signing()), now.other().stream()).toList());
    }

    /** The end of what replicas share, which only an operator or a rotation can put off. */
    @Override
    public synchronized Instant end() {
        return end;
    }

    @Override
    public synchronized void look(Consumer<Trust> changed) {
        try {
            SigningSlot slot = read();
            boolean sameSigner = slot.authority().fingerprint().equals(shared().fingerprint());
            boolean sameTrust = slot.roots().equals(backend.trust().roots());
            if (!sameSigner || !sameTrust || ownIsOld()) {
                above = slot.authority();
                backend.use(
                        sameSigner && replica.own() && !ownIsOld()
                                ? backend.slot().believing(slot.roots())
                                : own(slot));
                LOG.infof(
                        "signing as %s until %s, %d roots are believed",
                        Certificates.serialOf(backend.slot().authority().certificate()),
                        backend.trust().notAfter(),
                        slot.roots().size());
                changed.accept(backend.trust());
            }
            problem = "";
        } catch (IOException | RuntimeException e) {
            if (!problem.equals(String.valueOf(e.getMessage()))) {
                LOG.errorf("the signing authority stays as it was: %s", e.getMessage());
            }
            problem = String.valueOf(e.getMessage());
        }
    }

    private SigningSlot read() throws IOException {
        SigningSlot slot = switch (source) {
            case Source.SelfSigned root -> {
                RootRotation.Roots now = root.rotation().step();
                roots = now;
                yield new SigningSlot(now.signing(), List.of(), now.trusted());
            }
            case Source.Plugged plugged -> plugged.folder().load(clock.instant());
        };
        end = slot.notAfter();
        return slot;
    }

    private SigningSlot own(SigningSlot slot) {
        if (!replica.own()) {
            return slot;
        }
        Authority below =
                slot.authority().subordinate(replica.name(), clock.instant(), replica.life(), replica.kind(), random);
        List<X509Certificate> path = new ArrayList<>(List.of(below.certificate()));
        path.addAll(slot.intermediates());
        return new SigningSlot(below, path, slot.roots());
    }

    /** An intermediate is replaced at two thirds of its life. */
    private boolean ownIsOld() {
        X509Certificate certificate = backend.slot().authority().certificate();
        Instant end = certificate.getNotAfter().toInstant();
        Duration life = Duration.between(certificate.getNotBefore().toInstant(), end);
        return replica.own() && clock.instant().isAfter(end.minus(life.dividedBy(3)));
    }

    @Override
    public synchronized Optional<String> rotate() {
        return switch (source) {
            case Source.SelfSigned root -> {
                try {
                    yield root.rotation().begin();
                } catch (IOException e) {
                    yield Optional.of("the root's store cannot be written: " + e.getMessage());
                }
            }
            case Source.Plugged plugged ->
                Optional.of("the root belongs to " + plugged.folder().folder()
                        + ": put both roots into root-cert.pem, then the new authority into the other files");
        };
    }

    @Override
    public synchronized StatusResponse status() {
        StatusResponse.Builder status = StatusResponse.newBuilder()
                .setBackend(backend.describe())
                .setIssuer(backend.trust().issuer())
                .setIssuerEnd(time(backend.trust().notAfter()))
                .setPhase("steady");
        String signing = shared().fingerprint();
        for (X509Certificate root : backend.trust().roots()) {
            status.addRoots(StatusResponse.Root.newBuilder()
                    .setFingerprint(Certificates.fingerprint(root))
                    .setSubject(root.getSubjectX500Principal().getName())
                    .setNotBefore(time(root.getNotBefore().toInstant()))
                    .setNotAfter(time(root.getNotAfter().toInstant()))
                    .setSigning(Certificates.fingerprint(root).equals(signing)));
        }
        if (source instanceof Source.SelfSigned root && roots != null) {
            status.setPhase(phase(roots.state()));
            root.rotation().nextStep(roots).ifPresent(at -> status.setNextStep(time(at)));
            if (roots.state() instanceof Rotation.Steady) {
                status.setNextRotation(time(root.rotation().beginsBy(roots)));
            }
        }
        return status.build();
    }

    private static String phase(Rotation state) {
        return switch (state) {
            case Rotation.Steady steady -> "steady";
            case Rotation.Distributing distributing -> "distributing";
            case Rotation.Switched switched -> "switched";
        };
    }

    private static Timestamp time(Instant instant) {
        return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
    }
}
