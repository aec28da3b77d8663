package io.flotilla.policy;

import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.AccessRule;
import io.flotilla.config.authorization.Attribute;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.Term;
import io.flotilla.config.snapshot.MeshSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a record has of all that policies ask about.
 *
 * @param http    it is of a request
 * @param gateway it is a gateway's, which tells the original client
 * @param host    its host is the one that the client asked for
 */
record Recorded(boolean http, boolean gateway, boolean host) {
    static final String USER_AGENT = "user-agent";

    static Recorded of(RequestRecord record, MeshSnapshot mesh) {
        boolean gateway = record.getGateway();
        return new Recorded(
                record.getType() == RecordType.HTTP,
                gateway,
                !gateway || !rewritesHosts(mesh, record.getSource().getNamespace()));
    }

    /** A route may give a request another host, and a proxy records what it sends. */
    private static boolean rewritesHosts(MeshSnapshot mesh, String namespace) {
        return mesh.virtualServices(namespace).stream()
                .flatMap(routes -> routes.spec().getHttpList().stream())
                .anyMatch(Recorded::rewritesHost);
    }

    private static boolean rewritesHost(HTTPRoute route) {
        return !route.getRewrite().getAuthority().isEmpty()
                || route.getHeaders().getRequest().getSetMap().keySet().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .anyMatch(name -> name.equals("host") || name.equals(":authority"));
    }

    /** Rules that permit match where they may; rules that refuse or ask do not. */
    Authorization permissive(Authorization authorization) {
        return changed(authorization, policy -> policy.action() == AccessPolicy.Action.ALLOW);
    }

    /** The other way round. */
    Authorization strict(Authorization authorization) {
        return changed(authorization, policy -> policy.action() != AccessPolicy.Action.ALLOW);
    }

    private Authorization changed(Authorization authorization, Predicate<AccessPolicy> widen) {
        return new Authorization(authorization.policies().stream()
                .map(policy -> new AccessPolicy(
                        policy.key(),
                        policy.action(),
                        policy.dryRun(),
                        policy.provider(),
                        policy.rules().stream()
                                .flatMap(rule -> rule(rule, widen.test(policy)).stream())
                                .toList()))
                .toList());
    }

    /** The rule as if all that is not recorded held; nothing where it must hold and does not. */
    private Optional<AccessRule> rule(AccessRule rule, boolean widen) {
        List<List<Term>> from = known(rule.from(), widen);
        List<List<Term>> to = known(rule.to(), widen);
        boolean lost = (from.isEmpty() && !rule.from().isEmpty())
                || (to.isEmpty() && !rule.to().isEmpty())
                || (!widen && !rule.when().stream().allMatch(this::has));
        List<Term> when = rule.when().stream().filter(this::has).toList();
        return lost ? Optional.empty() : Optional.of(new AccessRule(rule.path(), from, to, when));
    }

    private List<List<Term>> known(List<List<Term>> alternatives, boolean widen) {
        return alternatives.stream()
                .filter(terms -> widen || terms.stream().allMatch(this::has))
                .map(terms -> terms.stream().filter(this::has).toList())
                .toList();
    }

    // What connections cannot have at all is known: AccessCheck takes care of that.
    private boolean has(Term term) {
        Attribute attribute = term.attribute();
        return switch (attribute.kind()) {
            case HEADER -> !http || header(attribute.path().getFirst());
            case CLAIM, AUDIENCE, PRESENTER -> !http;
            case REMOTE_IP -> !http || gateway;
            case HOST -> !http || host;
            case METADATA -> false;
            case PRINCIPAL,
                    NAMESPACE,
                    SERVICE_ACCOUNT,
                    TRUST_DOMAIN,
                    SOURCE_IP,
                    REQUEST_PRINCIPAL,
                    METHOD,
                    PATH,
                    PORT,
                    DESTINATION_IP,
                    SERVER_NAME,
                    UNKNOWN -> true;
        };
    }

    private boolean header(String name) {
        return switch (name) {
            case USER_AGENT, ":method" -> true;
            case ":authority", "host" -> host;
            default -> false;
        };
    }

    /** What policies ask about that is not recorded, sorted. */
    List<String> missing(Authorization authorization) {
        return authorization.policies().stream()
                .filter(policy -> !policy.dryRun())
                .flatMap(policy -> policy.rules().stream())
                .flatMap(rule -> Stream.of(
                                rule.from().stream().flatMap(List::stream),
                                rule.to().stream().flatMap(List::stream),
                                rule.when().stream())
                        .flatMap(terms -> terms))
                .filter(term -> !has(term))
                .map(Term::field)
                .distinct()
                .sorted()
                .toList();
    }
}
