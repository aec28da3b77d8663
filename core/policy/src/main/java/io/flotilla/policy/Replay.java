package io.flotilla.policy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.HttpRequest;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.AccessRule;
import io.flotilla.config.authorization.Attribute;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.authorization.Term;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.policy.Verdict.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What other policies would have made of requests that were recorded. A record does not have all that policies ask
 * about: a rule that asks for something else may match or not, and where the verdict hangs on that it is not decided.
 */
public final class Replay {
    private static final String USER_AGENT = "user-agent";
    /** Longer texts are cut when they are recorded; half a pair is left out too. */
    private static final int MOST_TEXT = 511;

    private final MeshSnapshot now;
    private final MeshSnapshot then;
    private final Function<Peer, Optional<Guarded>> workloads;
    private final Map<Place, Optional<Both>> places = new HashMap<>();

    /**
     * A replay.
     *
     * @param now       the mesh as it is
     * @param then      the same with the policies in question
     * @param workloads what policies see of the workload that was called; empty where it is not known any more
     */
    public Replay(MeshSnapshot now, MeshSnapshot then, Function<Peer, Optional<Guarded>> workloads) {
        this.now = now;
        this.then = then;
        this.workloads = workloads;
    }

    /** What becomes of one record. */
    public sealed interface Outcome {
        /** It is none of a request or connection that a proxy let in or refused by its policies. */
        record Irrelevant() implements Outcome {}

        /** The verdict stays. */
        record Same() implements Outcome {}

        /**
         * The verdict would be another.
         *
         * @param denied it would be denied, and was not; else the other way round
         * @param because the step that decides then
         */
        record Changed(boolean denied, Finding because) implements Outcome {}

        /** The verdict would be another already by the policies of today, and stays that with those in question. */
        record Drifted(boolean denied) implements Outcome {}

        /**
         * It cannot be told.
         *
         * @param why what is not known
         */
        record Undecided(String why) implements Outcome {}
    }

    private record Place(String namespace, String pod, String workload, int port, boolean gateway) {}

    private record Both(Protection now, Protection then) {
        boolean same() {
            return now.authorization().equals(then.authorization());
        }

        /** Authorizers outside that would be asked as before gave their answer: the request came past them. */
        Both answered() {
            List<AccessPolicy> asked = now.authorization().of(AccessPolicy.Action.CUSTOM, false);
            return asked.equals(then.authorization().of(AccessPolicy.Action.CUSTOM, false))
                    ? new Both(without(now, asked), without(then, asked))
                    : this;
        }

        private static Protection without(Protection protection, List<AccessPolicy> policies) {
            return with(
                    protection,
                    new Authorization(protection.authorization().policies().stream()
                            .filter(policy -> !policies.contains(policy))
                            .toList()));
        }
    }

    /** The verdict of policies where what is not known is taken for the better, and for the worse. */
    private record Range(AccessCheck.Result best, AccessCheck.Result worst) {
        boolean decided() {
            return best.answer() == worst.answer() && best.answer() != Answer.DEPENDS;
        }

        boolean denied() {
            return worst.answer() == Answer.DENIED;
        }

        Finding because() {
            return worst.findings().stream()
                    .filter(finding -> finding.effect() == Finding.Effect.REFUSED)
                    .findFirst()
                    .orElseGet(() -> worst.findings().stream()
                            .filter(finding -> finding.effect() == Finding.Effect.PASSED)
                            .findFirst()
                            .orElseThrow());
        }
    }

    /** Decides one. */
    public Outcome of(RequestRecord record) {
        Decision decision = record.getDecision();
        boolean denied = decision.getVerdict() == Decision.Verdict.DENIED;
        boolean relevant = (record.getReporter() == Reporter.DESTINATION || record.getGateway())
                && (record.getType() == RecordType.HTTP || record.getType() == RecordType.TCP_CLOSE)
                && (!denied || decision.getBy().equals("rbac"));
        if (!relevant) {
            return new Outcome.Irrelevant();
        }
        Optional<Both> both = both(record);
        if (both.isEmpty()) {
            return new Outcome.Undecided("the workload is not in the mesh any more");
        }
        if (both.get().same()) {
            return new Outcome.Same();
        }
        if (record.getGateway()) {
            return new Outcome.Undecided("records of gateways have neither the caller nor the port that it came to");
        }
        return isCut(record)
                ? new Outcome.Undecided(
                        "a text of the request is as long as records may have it, and may have been cut")
                : compare(record, denied, both.get().answered());
    }

    private Optional<Both> both(RequestRecord record) {
        boolean gateway = record.getGateway();
        Peer guard = gateway ? record.getSource() : record.getDestination();
        int port = gateway ? 0 : port(guard.getAddress());
        return places.computeIfAbsent(
                new Place(guard.getNamespace(), guard.getPod(), guard.getWorkload(), port, gateway),
                place -> workloads
                        .apply(guard)
                        .map(workload -> gateway
                                ? new Both(edge(now, workload), edge(then, workload))
                                : new Both(Protection.of(now, workload, port), Protection.of(then, workload, port))));
    }

    /** By all Gateways that it serves together, since no record says which one it was. */
    private static Protection edge(MeshSnapshot mesh, Guarded workload) {
        return Protection.edge(
                mesh,
                workload,
                0,
                mesh.gateways(workload.labels()).stream().map(Config::key).toList());
    }

    private static boolean isCut(RequestRecord record) {
        HttpRequest http = record.getHttp();
        return Stream.of(
                        http.getMethod(),
                        http.getAuthority(),
                        http.getPath(),
                        http.getUserAgent(),
                        record.getRequestedServerName(),
                        record.getDecision().getRequestPrincipal())
                .anyMatch(text -> text.length() >= MOST_TEXT);
    }

    private static Outcome compare(RequestRecord record, boolean denied, Both both) {
        Range then = range(record, both.then());
        if (!then.decided()) {
            return new Outcome.Undecided(why(both.then().authorization(), then));
        }
        if (then.denied() == denied) {
            return new Outcome.Same();
        }
        Range now = range(record, both.now());
        return now.decided() && now.denied() == then.denied()
                ? new Outcome.Drifted(then.denied())
                : new Outcome.Changed(then.denied(), then.because());
    }

    private static Range range(RequestRecord record, Protection protection) {
        Facts facts = facts(record, protection);
        return new Range(
                new AccessCheck(with(protection, permissive(protection.authorization(), facts.http())), facts).decide(),
                new AccessCheck(with(protection, strict(protection.authorization(), facts.http())), facts).decide());
    }

    private static Facts facts(RequestRecord record, Protection protection) {
        boolean http = record.getType() == RecordType.HTTP;
        Attempt attempt = new Attempt(
                Attempt.Caller.of(
                        record.getSource().getPrincipal(),
                        host(record.getSource().getAddress())),
                new Attempt.Target(host(record.getDestination().getAddress()), record.getRequestedServerName()),
                http
                        ? Optional.of(new Attempt.Request(
                                record.getHttp().getMethod(),
                                record.getHttp().getAuthority(),
                                record.getHttp().getPath(),
                                record.getHttp().getUserAgent().isEmpty()
                                        ? Map.of()
                                        : Map.of(
                                                USER_AGENT,
                                                List.of(record.getHttp().getUserAgent())),
                                new Token.Missing()))
                        : Optional.empty());
        Facts facts = Facts.of(attempt, attempt.request(), record.getSource().getPrincipal(), protection);
        return new Facts(
                facts.attempt(),
                facts.port(),
                facts.identity(),
                facts.request(),
                facts.path(),
                claims(record.getDecision().getRequestPrincipal()));
    }

    /** Issuer and subject; which of the slashes stands between them does not matter to what compares them together. */
    private static Optional<Struct> claims(String principal) {
        int slash = principal.lastIndexOf('/');
        return slash < 0
                ? Optional.empty()
                : Optional.of(Struct.newBuilder()
                        .putFields("iss", text(principal.substring(0, slash)))
                        .putFields("sub", text(principal.substring(slash + 1)))
                        .build());
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Protection with(Protection protection, Authorization authorization) {
        return new Protection(
                protection.port(),
                protection.tokens(),
                authorization,
                protection.authorizers(),
                protection.normalization(),
                protection.revocations());
    }

    /** Rules that permit match where they may; rules that refuse or ask do not. */
    private static Authorization permissive(Authorization authorization, boolean http) {
        return changed(authorization, policy -> policy.action() == AccessPolicy.Action.ALLOW, http);
    }

    /** The other way round. */
    private static Authorization strict(Authorization authorization, boolean http) {
        return changed(authorization, policy -> policy.action() != AccessPolicy.Action.ALLOW, http);
    }

    private static Authorization changed(
            Authorization authorization, Function<AccessPolicy, Boolean> widen, boolean http) {
        return new Authorization(authorization.policies().stream()
                .map(policy -> new AccessPolicy(
                        policy.key(),
                        policy.action(),
                        policy.dryRun(),
                        policy.provider(),
                        policy.rules().stream()
                                .flatMap(rule -> rule(rule, widen.apply(policy), http).stream())
                                .toList()))
                .toList());
    }

    /** The rule as if all that is not recorded held; nothing where it must hold and does not. */
    private static Optional<AccessRule> rule(AccessRule rule, boolean widen, boolean http) {
        List<List<Term>> from = known(rule.from(), widen, http);
        List<List<Term>> to = known(rule.to(), widen, http);
        boolean lost = (from.isEmpty() && !rule.from().isEmpty())
                || (to.isEmpty() && !rule.to().isEmpty())
                || (!widen && !rule.when().stream().allMatch(term -> isRecorded(term, http)));
        List<Term> when =
                rule.when().stream().filter(term -> isRecorded(term, http)).toList();
        return lost ? Optional.empty() : Optional.of(new AccessRule(rule.path(), from, to, when));
    }

    private static List<List<Term>> known(List<List<Term>> alternatives, boolean widen, boolean http) {
        return alternatives.stream()
                .filter(terms -> widen || terms.stream().allMatch(term -> isRecorded(term, http)))
                .map(terms ->
                        terms.stream().filter(term -> isRecorded(term, http)).toList())
                .toList();
    }

    // What connections cannot have at all is known: AccessCheck takes care of that.
    private static boolean isRecorded(Term term, boolean http) {
        Attribute attribute = term.attribute();
        return switch (attribute.kind()) {
            case HEADER ->
                !http
                        || List.of(USER_AGENT, ":authority", "host", ":method")
                                .contains(attribute.path().getFirst());
            case CLAIM, AUDIENCE, PRESENTER -> !http;
            case REMOTE_IP -> !http;
            case METADATA -> false;
            case PRINCIPAL,
                    NAMESPACE,
                    SERVICE_ACCOUNT,
                    TRUST_DOMAIN,
                    SOURCE_IP,
                    REQUEST_PRINCIPAL,
                    HOST,
                    METHOD,
                    PATH,
                    PORT,
                    DESTINATION_IP,
                    SERVER_NAME,
                    UNKNOWN -> true;
        };
    }

    private static String why(Authorization authorization, Range range) {
        if (range.best().answer() == Answer.DEPENDS || range.worst().answer() == Answer.DEPENDS) {
            return "an authorizer outside has the last word";
        }
        List<String> fields = authorization.policies().stream()
                .filter(policy -> !policy.dryRun())
                .flatMap(policy -> policy.rules().stream())
                .flatMap(rule -> Stream.of(
                                rule.from().stream().flatMap(List::stream),
                                rule.to().stream().flatMap(List::stream),
                                rule.when().stream())
                        .flatMap(terms -> terms))
                .filter(term -> !isRecorded(term, true))
                .map(Term::field)
                .distinct()
                .sorted()
                .toList();
        return "records do not have " + String.join(", ", fields);
    }

    private static String host(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String address) {
        String port = address.substring(address.lastIndexOf(':') + 1);
        return port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0;
    }
}
