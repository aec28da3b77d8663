package io.flotilla.policy;

import io.flotilla.policy.Finding.Effect;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of an attempt.
 *
 * @param answer   in one word
 * @param status   that a refused request gets; 0 for a connection, which is closed, and for what is permitted
 * @param findings the steps to it, in order
 */
public record Verdict(Answer answer, int status, List<Finding> findings) {
    public enum Answer {
        ALLOWED,
        DENIED,
        /** An authorizer outside is asked: it may refuse. */
        DEPENDS
    }

    public Verdict {
        findings = List.copyOf(findings);
    }

    /** The step that decided: what refused, or who is asked, or the last that let it pass. */
    public Optional<Finding> deciding() {
        return first(Effect.REFUSED)
                .or(() -> first(Effect.ASKED))
                .or(() -> findings.reversed().stream()
                        .filter(finding -> finding.effect() == Effect.PASSED)
                        .findFirst());
    }

    private Optional<Finding> first(Effect effect) {
        return findings.stream().filter(finding -> finding.effect() == effect).findFirst();
    }
}
