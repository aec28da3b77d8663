package io.flotilla.identity.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Where the replacement of a root stands. Roots are told apart by their fingerprints. At each moment one signs and one
 * or two are believed; the order is such that nobody ever meets a certificate whose root it does not know yet, or does
 * not believe any more: the new root is believed everywhere before it signs, and the old one until its last leaf is
 * over.
 */
public sealed interface Rotation {
    /** Who signs. */
    String signing();

    /** Who is believed, the signer among them. */
    List<String> trusted();

    /** What follows at this time; this very state where nothing is due. */
    Rotation advance(Instant now, Waits waits);

    /**
     * How long each step waits.
     *
     * @param propagation until a new root is known everywhere
     * @param leaves      the longest that a certificate lives
     */
    record Waits(Duration propagation, Duration leaves) {
        public Waits {
            if (propagation.isNegative() || leaves.isNegative()) {
                throw new IllegalArgumentException("waits of a rotation are 0 or more");
            }
        }
    }

    /** Nothing is under way. */
    record Steady(String signing) implements Rotation {
        @Override
        public List<String> trusted() {
            return List.of(signing);
        }

        /** Makes another root known, which does not sign yet. */
        public Distributing begin(String next, Instant now) {
            return new Distributing(signing, next, now);
        }

        @Override
        public Rotation advance(Instant now, Waits waits) {
            return this;
        }
    }

    /** The next root is being made known; the present one signs. */
    record Distributing(String signing, String next, Instant since) implements Rotation {
        public Distributing {
            if (signing.equals(next)) {
                throw new IllegalArgumentException("a root cannot replace itself");
            }
        }

        @Override
        public List<String> trusted() {
            return List.of(signing, next);
        }

        @Override
        public Rotation advance(Instant now, Waits waits) {
            return now.isBefore(since.plus(waits.propagation())) ? this : new Switched(next, signing, now);
        }
    }

    /** The next root signs; the old one is believed until its last leaf is over. */
    record Switched(String signing, String old, Instant since) implements Rotation {
        @Override
        public List<String> trusted() {
            return List.of(signing, old);
        }

        /** Those with leaves of the old root learn of the drop no later than they learned of the new root. */
        @Override
        public Rotation advance(Instant now, Waits waits) {
            return now.isBefore(since.plus(waits.leaves()).plus(waits.propagation())) ? this : new Steady(signing);
        }
    }

    /** When the next step is due; empty where nothing is under way. */
    static java.util.Optional<Instant> nextStep(Rotation state, Waits waits) {
        return switch (state) {
            case Steady steady -> java.util.Optional.empty();
            case Distributing distributing ->
                java.util.Optional.of(distributing.since().plus(waits.propagation()));
            case Switched switched ->
                java.util.Optional.of(switched.since().plus(waits.leaves()).plus(waits.propagation()));
        };
    }

    /**
     * When a root must begin to be replaced so that no certificate is cut short by its end: a tenth of its life before,
     * or twice the time that a rotation takes if that is more, but never in the first half of its life.
     */
    static Instant beginBefore(Instant notBefore, Instant notAfter, Waits waits) {
        Duration life = Duration.between(notBefore, notAfter);
        Duration rotation =
                waits.propagation().multipliedBy(2).plus(waits.leaves()).multipliedBy(2);
        Duration tenth = life.dividedBy(10);
        Duration early = rotation.compareTo(tenth) > 0 ? rotation : tenth;
        Duration half = life.dividedBy(2);
        return notAfter.minus(early.compareTo(half) > 0 ? half : early);
    }
}
