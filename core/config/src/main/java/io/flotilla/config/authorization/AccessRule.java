package io.flotilla.config.authorization;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One rule: one of the sources, one of the operations, and all conditions.
 *
 * @param path where its object says it, "spec.rules[0]"
 * @param from each a list of terms that must all hold; empty for any source
 * @param to   the same for operations
 * @param when must all hold
 */
public record AccessRule(String path, List<List<Term>> from, List<List<Term>> to, List<Term> when) {
    public AccessRule {
        from = from.stream().map(List::copyOf).toList();
        to = to.stream().map(List::copyOf).toList();
        when = List.copyOf(when);
    }

    /**
     * The rule for requests ({@code http}) or connections. What only requests have makes a rule that refuses wider, and
     * takes away a rule that permits: both fail safe. The same holds for attributes that nobody can tell.
     */
    public Optional<AccessRule> at(boolean http, boolean refuses) {
        return at(term -> isKnown(term, http), refuses);
    }

    /** The rule where only some terms can be told; those that nobody can tell are never among them. */
    public Optional<AccessRule> at(Predicate<Term> told, boolean refuses) {
        Predicate<Term> known = told.and(term -> isKnown(term, true));
        if (terms().allMatch(known)) {
            return Optional.of(this);
        }
        return refuses
                ? Optional.of(new AccessRule(path, known(from, known), known(to, known), known(known, when)))
                : Optional.empty();
    }

    /** It compares the host of a request. */
    boolean asksForHost() {
        return terms().map(Term::attribute).anyMatch(AccessRule::isHost);
    }

    private static boolean isHost(Attribute attribute) {
        boolean header = attribute.path().contains("host") || attribute.path().contains(":authority");
        return attribute.kind() == Attribute.Kind.HOST || (attribute.kind() == Attribute.Kind.HEADER && header);
    }

    private Stream<Term> terms() {
        return Stream.concat(Stream.of(from, to).flatMap(List::stream).flatMap(List::stream), when.stream());
    }

    private static boolean isKnown(Term term, boolean http) {
        Attribute.Kind kind = term.attribute().kind();
        return kind != Attribute.Kind.UNKNOWN && (http || !kind.isHttp());
    }

    private static List<List<Term>> known(List<List<Term>> alternatives, Predicate<Term> known) {
        return alternatives.stream().map(terms -> known(known, terms)).toList();
    }

    private static List<Term> known(Predicate<Term> known, List<Term> terms) {
        return terms.stream().filter(known).toList();
    }
}
