package io.flotilla.galley.source;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether objects that a list lacks are gone. A list that lacks more than half of what is known is more likely
 * a broken server, an emptied storage or a CRD that was deleted by mistake than the will of the operator: it counts
 * when a later list says the same, or the operator does.
 *
 * @param confirmAfter how much later the second list must be
 */
public record MassDeletionGuard(Duration confirmAfter) {
    /** What is to be done about objects that a list lacks. */
    public sealed interface Decision {
        record Delete(Set<String> names) implements Decision {}

        record Hold(Pending pending) implements Decision {}
    }

    /**
     * Deletions that wait.
     *
     * @param names what the list lacked
     * @param since when
     */
    public record Pending(Set<String> names, Instant since) {
        public Pending {
            names = Set.copyOf(names);
        }
    }

    /**
     * What becomes of the objects that a list lacks.
     *
     * @param known   how many objects were known before the list
     * @param missing those of them that it lacks
     * @param pending what waits already
     */
    public Decision decide(int known, Set<String> missing, @Nullable Pending pending, Instant now) {
        if (missing.size() * 2L <= known) {
            return new Decision.Delete(missing);
        }
        if (pending == null || !pending.names().containsAll(missing)) {
            return new Decision.Hold(new Pending(missing, now));
        }
        boolean due = !now.isBefore(pending.since().plus(confirmAfter));
        return due ? new Decision.Delete(missing) : new Decision.Hold(new Pending(missing, pending.since()));
    }

    /** When the second list is due. */
    public Instant due(Pending pending) {
        return pending.since().plus(confirmAfter);
    }
}
