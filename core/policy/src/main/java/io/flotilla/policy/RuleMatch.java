package io.flotilla.policy;

import com.google.protobuf.Value;
import io.flotilla.config.authorization.AccessRule;
import io.flotilla.config.authorization.Attribute;
import io.flotilla.config.authorization.Term;
import io.flotilla.config.authorization.TextPattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether rules match what is known of an attempt. */
record RuleMatch(Facts facts) {
    boolean matches(AccessRule rule) {
        return any(rule.from()) && any(rule.to()) && rule.when().stream().allMatch(this::holds);
    }

    private boolean any(List<List<Term>> alternatives) {
        return alternatives.isEmpty()
                || alternatives.stream().anyMatch(terms -> terms.stream().allMatch(this::holds));
    }

    boolean holds(Term term) {
        return term.values().stream().anyMatch(value -> has(term, value)) != term.negated();
    }

    private boolean has(Term term, String value) {
        List<String> path = term.attribute().path();
        Optional<SpiffeName> peer = SpiffeName.parse(facts.identity());
        return switch (term.attribute().kind()) {
            case PRINCIPAL ->
                facts.identity().startsWith(SpiffeName.SCHEME)
                        && text(value, facts.identity().substring(SpiffeName.SCHEME.length()));
            case NAMESPACE -> peer.filter(each -> text(value, each.namespace())).isPresent();
            case SERVICE_ACCOUNT ->
                peer.filter(each -> value.equals(each.namespace() + "/" + each.account()))
                        .isPresent();
            case TRUST_DOMAIN ->
                SpiffeName.domain(facts.identity())
                        .filter(each -> text(value, each))
                        .isPresent();
            case SOURCE_IP -> IpRange.contains(value, facts.sourceIp());
            case REMOTE_IP -> IpRange.contains(value, facts.remoteIp());
            case DESTINATION_IP ->
                IpRange.contains(value, facts.attempt().target().address());
            case PORT -> value.equals(String.valueOf(facts.port()));
            // A name of DNS, which Envoy has in lower case.
            case SERVER_NAME ->
                text(
                        value.toLowerCase(Locale.ROOT),
                        facts.attempt().target().serverName().toLowerCase(Locale.ROOT));
            case REQUEST_PRINCIPAL -> requestPrincipal(value);
            case AUDIENCE -> claim(List.of("aud"), value);
            case PRESENTER -> claim(List.of("azp"), value);
            case CLAIM -> claim(path, value);
            case HEADER -> header(facts.header(path.getFirst()), value);
            case HOST -> request(each -> HostMatch.matches(value, each.host()));
            case METHOD -> request(each -> value.equals("*") || text(value, each.method()));
            case PATH -> request(each -> path(value));
            // What filters leave behind, and what no proxy knows, nobody can tell here.
            case METADATA, UNKNOWN -> false;
        };
    }

    private boolean request(Predicate<Attempt.Request> matches) {
        return facts.request().filter(matches).isPresent();
    }

    private static boolean text(String pattern, String text) {
        return TextPattern.parse(pattern).matches(text);
    }

    private boolean path(String pattern) {
        return PathForm.isTemplate(pattern)
                ? PathForm.fits(pattern, facts.plainPath())
                : pattern.equals("*") || text(pattern, facts.plainPath());
    }

    private static boolean header(List<String> values, String pattern) {
        return pattern.equals("*") ? !values.isEmpty() : values.stream().anyMatch(value -> text(pattern, value));
    }

    private boolean claim(List<String> path, String pattern) {
        Optional<Value> claim = facts.claim(path);
        return pattern.equals("*")
                ? claim.isPresent()
                : claim.filter(value -> Facts.texts(value).stream().anyMatch(each -> text(pattern, each)))
                        .isPresent();
    }

    /** "ISSUER/SUBJECT". */
    private boolean requestPrincipal(String pattern) {
        Optional<Value> issuer = facts.claim(List.of("iss"));
        Optional<Value> subject = facts.claim(List.of("sub"));
        if (issuer.isEmpty() || subject.isEmpty()) {
            return false;
        }
        if (pattern.equals("*")) {
            return true;
        }
        boolean texts = issuer.get().hasStringValue() && subject.get().hasStringValue();
        return texts
                && pattern.chars().filter(each -> each == '/').count() <= Attribute.MOST_SLASHES
                && text(
                        pattern,
                        issuer.get().getStringValue() + "/" + subject.get().getStringValue());
    }
}
