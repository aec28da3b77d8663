package io.flotilla.citadel.root;

import io.flotilla.citadel.root.RootStore.NewRoot;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.rotation.Rotation;
import io.flotilla.identity.rotation.RotationText;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Carries a rotation out on a store: what is due is decided by {@link Rotation}, written first, and done then. Replicas
 * look at the store each time, so that they take the same steps.
 */
public final class RootRotation {
    private final RootStore store;
    private final NewRoot wanted;
    private final Rotation.Waits waits;
    private final Clock clock;
    private final SecureRandom random;

    public RootRotation(RootStore store, NewRoot wanted, Rotation.Waits waits, Clock clock, SecureRandom random) {
        this.store = store;
        this.wanted = wanted;
        this.waits = waits;
        this.clock = clock;
        this.random = random;
    }

    /**
     * The roots at a time.
     *
     * @param signing who signs
     * @param other   the next or the last one, where a rotation is under way
     * @param state   where it stands
     */
    public record Roots(Authority signing, Optional<Authority> other, Rotation state) {
        /** Who is believed: the signer first. */
        public List<X509Certificate> trusted() {
            return Stream.concat(Stream.of(signing), other.stream())
                    .map(Authority::certificate)
                    .toList();
        }
    }

    /** As the store has them, made if there are none. */
    public synchronized Roots load() throws IOException {
        Authority root = store.loadOrCreate(wanted, clock.instant(), random);
        Map<String, String> entries = store.read();
        Optional<Rotation> state =
                Optional.ofNullable(entries.get(RootStore.ROTATION)).flatMap(RotationText::read);
        Optional<Authority> other = Authority.parse(
                entries.getOrDefault(RootStore.OTHER_CERTIFICATE, ""), entries.getOrDefault(RootStore.OTHER_KEY, ""));
        if (state.isEmpty() || other.isEmpty()) {
            return new Roots(root, Optional.empty(), new Rotation.Steady(root.fingerprint()));
        }
        return switch (state.get()) {
            case Rotation.Steady steady -> new Roots(root, Optional.empty(), new Rotation.Steady(root.fingerprint()));
            case Rotation.Distributing distributing -> new Roots(root, other, distributing);
            case Rotation.Switched switched -> switched(root, other.get(), switched);
        };
    }

    /** The other one signs; where it is the root already, the end was cut off after that. */
    private static Roots switched(Authority root, Authority other, Rotation.Switched state) {
        return root.fingerprint().equals(state.signing())
                ? new Roots(root, Optional.empty(), state)
                : new Roots(other, Optional.of(root), state);
    }

    /** Begins, unless a rotation is under way: says why not. */
    public synchronized Optional<String> begin() throws IOException {
        Roots now = load();
        if (!(now.state() instanceof Rotation.Steady steady)) {
            return Optional.of("a rotation is under way; \"flotilla ca status\" tells when its next step is due");
        }
        Authority next = wanted.make(clock.instant(), random);
        store.write(Map.of(
                RootStore.OTHER_KEY,
                next.keyPem(),
                RootStore.OTHER_CERTIFICATE,
                next.certificatePem(),
                RootStore.ROTATION,
                RotationText.write(steady.begin(next.fingerprint(), clock.instant()))));
        return Optional.empty();
    }

    /** Takes the step that is due, or begins a rotation that is due by the root's end; tells the roots after it. */
    public synchronized Roots step() throws IOException {
        Roots now = load();
        Instant time = clock.instant();
        if (now.state() instanceof Rotation.Steady && !time.isBefore(beginsBy(now))) {
            begin();
            return load();
        }
        Rotation next = now.state().advance(time, waits);
        if (!next.equals(now.state())) {
            carryOut(now, next);
            return load();
        }
        return now;
    }

    private void carryOut(Roots now, Rotation next) throws IOException {
        switch (next) {
            case Rotation.Steady steady -> {
                store.promote(now.signing());
                store.write(Map.of(RootStore.ROTATION, "", RootStore.OTHER_CERTIFICATE, "", RootStore.OTHER_KEY, ""));
            }
            // From this line on the other one signs, here and in every replica that looks. It becomes the root at the
            // end: until then both are kept where they are, so that a cut loses neither.
            case Rotation.Switched switched -> store.write(Map.of(RootStore.ROTATION, RotationText.write(switched)));
            case Rotation.Distributing distributing -> throw new IllegalStateException("a rotation does not go back");
        }
    }

    /** When a rotation begins by itself, if nobody begins one before. */
    public Instant beginsBy(Roots roots) {
        X509Certificate root = roots.signing().certificate();
        return Rotation.beginBefore(
                root.getNotBefore().toInstant(), root.getNotAfter().toInstant(), waits);
    }

    public Optional<Instant> nextStep(Roots roots) {
        return Rotation.nextStep(roots.state(), waits);
    }
}
