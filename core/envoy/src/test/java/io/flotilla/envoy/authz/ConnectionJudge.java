package io.flotilla.envoy.authz;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.Condition;
import io.flotilla.api.security.v1beta1.Operation;
import io.flotilla.api.security.v1beta1.Rule;
import io.flotilla.api.security.v1beta1.Source;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/**
 * What policies mean for connections, from their documentation alone: a rule of ALLOW that asks for what only requests
 * have matches none, a rule of DENY loses that field.
 */
final class ConnectionJudge {
    private final String namespace;
    private final Connected connection;

    private ConnectionJudge(String namespace, Connected connection) {
        this.namespace = namespace;
        this.connection = connection;
    }

    static boolean permits(List<AuthorizationPolicy> policies, String namespace, Connected connection) {
        ConnectionJudge judge = new ConnectionJudge(namespace, connection);
        boolean refused = policies.stream()
                .filter(policy -> policy.getAction() == AuthorizationPolicy.Action.DENY)
                .flatMap(policy -> policy.getRulesList().stream())
                .anyMatch(judge::matches);
        List<AuthorizationPolicy> permitting = policies.stream()
                .filter(policy -> policy.getAction() == AuthorizationPolicy.Action.ALLOW)
                .toList();
        boolean permitted = permitting.stream()
                .flatMap(policy -> policy.getRulesList().stream())
                .anyMatch(rule -> !asksForRequests(rule) && judge.matches(rule));
        return !refused && (permitting.isEmpty() || permitted);
    }

    private static boolean asksForRequests(Rule rule) {
        return rule.getFromList().stream().anyMatch(from -> from.getSource().getRequestPrincipalsCount() > 0)
                || rule.getToList().stream()
                        .map(Rule.To::getOperation)
                        .anyMatch(to -> to.getMethodsCount() + to.getNotPathsCount() + to.getNotHostsCount() > 0)
                || rule.getWhenList().stream().anyMatch(when -> when.getKey().startsWith("request."));
    }

    private boolean matches(Rule rule) {
        return (rule.getFromCount() == 0 || rule.getFromList().stream().anyMatch(each -> source(each.getSource())))
                && (rule.getToCount() == 0
                        || rule.getToList().stream().anyMatch(each -> operation(each.getOperation())))
                && rule.getWhenList().stream().allMatch(this::condition);
    }

    private boolean source(Source source) {
        return is(source.getPrincipalsList(), source.getNotPrincipalsList(), whole(), Judge::wildcard)
                && is(source.getNamespacesList(), source.getNotNamespacesList(), part(2), Judge::wildcard)
                && is(
                        source.getServiceAccountsList(),
                        source.getNotServiceAccountsList(),
                        part(2) + "/" + part(4),
                        (want, have) -> have.equals(want.contains("/") ? want : namespace + "/" + want))
                && is(
                        source.getIpBlocksList(),
                        source.getNotIpBlocksList(),
                        connection.source(),
                        ConnectionJudge::inRange)
                && is(
                        source.getRemoteIpBlocksList(),
                        source.getNotRemoteIpBlocksList(),
                        connection.client(),
                        ConnectionJudge::inRange);
    }

    private boolean operation(Operation operation) {
        return is(
                operation.getPortsList(),
                operation.getNotPortsList(),
                String.valueOf(connection.port()),
                String::equals);
    }

    private boolean condition(Condition condition) {
        List<String> values = condition.getValuesList();
        List<String> not = condition.getNotValuesList();
        return switch (condition.getKey()) {
            case "connection.sni" ->
                is(
                        values,
                        not,
                        connection.sni().toLowerCase(Locale.ROOT),
                        (want, have) -> Judge.wildcard(want.toLowerCase(Locale.ROOT), have));
            case "source.ip" -> is(values, not, connection.source(), ConnectionJudge::inRange);
            case "remote.ip" -> is(values, not, connection.client(), ConnectionJudge::inRange);
            case "destination.ip" -> is(values, not, connection.target(), ConnectionJudge::inRange);
            case "destination.port" -> is(values, not, String.valueOf(connection.port()), String::equals);
            case "source.principal" -> is(values, not, whole(), Judge::wildcard);
            case "source.namespace" -> is(values, not, part(2), Judge::wildcard);
            case "source.trustDomain" -> is(values, not, part(0), Judge::wildcard);
            default -> true;
        };
    }

    private String whole() {
        return connection.identity() == null ? "" : connection.identity().substring("spiffe://".length());
    }

    private String part(int number) {
        return whole().isEmpty() ? "" : whole().split("/", -1)[number];
    }

    private static boolean is(
            List<String> wanted, List<String> unwanted, String actual, BiPredicate<String, String> fits) {
        return (wanted.isEmpty() || wanted.stream().anyMatch(want -> fits.test(want, actual)))
                && unwanted.stream().noneMatch(want -> fits.test(want, actual));
    }

    private static boolean inRange(String range, String address) {
        if (range.contains(":") != address.contains(":")) {
            return false;
        }
        if (!range.contains(":")) {
            return Judge.inRange(range, address);
        }
        String[] parts = range.split("/", 2);
        int bits = parts.length == 1 ? 128 : Integer.parseInt(parts[1]);
        return number(parts[0]).shiftRight(128 - bits).equals(number(address).shiftRight(128 - bits));
    }

    private static java.math.BigInteger number(String address) {
        return new java.math.BigInteger(1, InetAddress.ofLiteral(address).getAddress());
    }
}
