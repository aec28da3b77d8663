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
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.Guarded;
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
        Optional<Both> both = both(record, 0);
        if (both.isEmpty()) {
            return new Outcome.Undecided("the workload is not in the mesh any more");
        }
        if (both.get().same()) {
            return new Outcome.Same();
        }
        return record.getGateway() ? atGateway(record, denied) : judged(record, denied, both.get());
    }

    private Outcome judged(RequestRecord record, boolean denied, Both both) {
        return isCut(record)
                ? new Outcome.Undecided(
                        "a text of the request is as long as records may have it, and may have been cut")
                : compare(record, denied, both.answered());
    }

    private Outcome atGateway(RequestRecord record, boolean denied) {
        int port = port(record.getArrival().getAddress());
        if (port == 0) {
            return new Outcome.Undecided("records of Envoys that older control planes served do not have the port that"
                    + " a request came to");
        }
        return both(record, port)
                .map(both -> judged(record, denied, both))
                .orElseGet(() -> new Outcome.Undecided(
                        "no Gateway of today serves that port, or several do whose policies differ"));
    }

    /** @param edgePort of a gateway's pod; 0 for all of them together */
    private Optional<Both> both(RequestRecord record, int edgePort) {
        boolean gateway = record.getGateway();
        Peer guard = gateway ? record.getSource() : record.getDestination();
        int port = gateway ? edgePort : port(guard.getAddress());
        return places.computeIfAbsent(
                new Place(guard.getNamespace(), guard.getPod(), guard.getWorkload(), port, gateway),
                place -> workloads
                        .apply(guard)
                        .flatMap(workload -> gateway
                                ? EdgePort.of(now, workload, port)
                                        .flatMap(before -> EdgePort.of(then, workload, port)
                                                .map(after -> new Both(before, after)))
                                : Optional.of(new Both(
                                        Protection.of(now, workload, port), Protection.of(then, workload, port)))));
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

    private Outcome compare(RequestRecord record, boolean denied, Both both) {
        Recorded recorded = Recorded.of(record, now);
        Range then = range(record, both.then(), recorded);
        if (!then.decided()) {
            return new Outcome.Undecided(why(both.then().authorization(), then, recorded));
        }
        if (then.denied() == denied) {
            return new Outcome.Same();
        }
        Range today = range(record, both.now(), recorded);
        return today.decided() && today.denied() == then.denied()
                ? new Outcome.Drifted(then.denied())
                : new Outcome.Changed(then.denied(), then.because());
    }

    private static Range range(RequestRecord record, Protection protection, Recorded recorded) {
        Facts facts = facts(record, protection);
        return new Range(
                new AccessCheck(with(protection, recorded.permissive(protection.authorization())), facts).decide(),
                new AccessCheck(with(protection, recorded.strict(protection.authorization())), facts).decide());
    }

    private static Facts facts(RequestRecord record, Protection protection) {
        Optional<Attempt.Request> request =
                record.getType() == RecordType.HTTP ? Optional.of(request(record.getHttp())) : Optional.empty();
        boolean gateway = record.getGateway();
        String identity = gateway
                ? record.getArrival().getPrincipal()
                : record.getSource().getPrincipal();
        String came = gateway
                ? record.getArrival().getAddress()
                : record.getDestination().getAddress();
        Attempt attempt = new Attempt(
                new Attempt.Caller(
                        identity,
                        "",
                        Optional.empty(),
                        host(record.getSource().getAddress()),
                        host(record.getArrival().getClient())),
                new Attempt.Target(host(came), record.getRequestedServerName()),
                request);
        Facts facts = Facts.of(attempt, request, identity, protection);
        return new Facts(
                facts.attempt(),
                facts.port(),
                facts.identity(),
                facts.request(),
                facts.path(),
                claims(record.getDecision().getRequestPrincipal()));
    }

    private static Attempt.Request request(HttpRequest http) {
        Map<String, List<String>> headers =
                http.getUserAgent().isEmpty() ? Map.of() : Map.of(Recorded.USER_AGENT, List.of(http.getUserAgent()));
        return new Attempt.Request(http.getMethod(), http.getAuthority(), http.getPath(), headers, new Token.Missing());
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

    private static String why(Authorization authorization, Range range, Recorded recorded) {
        return range.best().answer() == Answer.DEPENDS || range.worst().answer() == Answer.DEPENDS
                ? "an authorizer outside has the last word"
                : "records do not have " + String.join(", ", recorded.missing(authorization));
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
