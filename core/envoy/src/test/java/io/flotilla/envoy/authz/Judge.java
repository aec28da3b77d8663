package io.flotilla.envoy.authz;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.Condition;
import io.flotilla.api.security.v1beta1.Operation;
import io.flotilla.api.security.v1beta1.Rule;
import io.flotilla.api.security.v1beta1.Source;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * What the fields of AuthorizationPolicy mean, written down from their documentation alone: it shares nothing with
 * translation, and decides on the objects as users write them.
 */
final class Judge {
    private Judge() {}

    static boolean permits(List<AuthorizationPolicy> policies, String namespace, Asked asked) {
        // A fragment has no place in a request; Envoy refuses such a request whatever policies say.
        if (asked.path().contains("#") || !TokenJudge.passes(asked.bearer())) {
            return false;
        }
        boolean comparesHosts = policies.stream()
                .flatMap(policy -> policy.getRulesList().stream())
                .flatMap(rule -> rule.getToList().stream())
                .map(Rule.To::getOperation)
                .anyMatch(operation -> operation.getHostsCount() + operation.getNotHostsCount() > 0);
        if (comparesHosts && asked.host().contains(",")) {
            return false;
        }
        Predicate<AuthorizationPolicy> matches =
                policy -> policy.getRulesList().stream().anyMatch(rule -> matches(rule, namespace, asked));
        boolean refused = policies.stream()
                .filter(policy -> policy.getAction() == AuthorizationPolicy.Action.DENY)
                .anyMatch(matches);
        List<AuthorizationPolicy> permitting = policies.stream()
                .filter(policy -> policy.getAction() == AuthorizationPolicy.Action.ALLOW)
                .toList();
        return !refused && (permitting.isEmpty() || permitting.stream().anyMatch(matches));
    }

    private static boolean matches(Rule rule, String namespace, Asked asked) {
        boolean from = rule.getFromCount() == 0
                || rule.getFromList().stream().anyMatch(each -> source(each.getSource(), namespace, asked));
        boolean to = rule.getToCount() == 0
                || rule.getToList().stream().anyMatch(each -> operation(each.getOperation(), asked));
        return from && to && rule.getWhenList().stream().allMatch(when -> condition(when, asked));
    }

    private static boolean source(Source source, String own, Asked asked) {
        String[] id = asked.identity() == null
                ? null
                : asked.identity().substring("spiffe://".length()).split("/");
        String whole = id == null ? "" : String.join("/", id);
        String space = id == null ? "" : id[2];
        String account = id == null ? "" : id[2] + "/" + id[4];
        return is(source.getPrincipalsList(), source.getNotPrincipalsList(), whole, Judge::wildcard)
                && is(
                        source.getRequestPrincipalsList(),
                        source.getNotRequestPrincipalsList(),
                        TokenJudge.principal(asked.bearer()),
                        Judge::requestPrincipal)
                && is(source.getNamespacesList(), source.getNotNamespacesList(), space, Judge::wildcard)
                && is(
                        source.getServiceAccountsList(),
                        source.getNotServiceAccountsList(),
                        account,
                        (want, have) -> have.equals(want.contains("/") ? want : own + "/" + want))
                && is(source.getIpBlocksList(), source.getNotIpBlocksList(), "127.0.0.1", Judge::inRange)
                && is(
                        source.getRemoteIpBlocksList(),
                        source.getNotRemoteIpBlocksList(),
                        asked.client().isEmpty() ? "127.0.0.1" : asked.client(),
                        Judge::inRange);
    }

    private static boolean operation(Operation operation, Asked asked) {
        return is(operation.getHostsList(), operation.getNotHostsList(), asked.host(), Judge::host)
                && is(operation.getMethodsList(), operation.getNotMethodsList(), asked.method(), Judge::wildcard)
                && is(operation.getPortsList(), operation.getNotPortsList(), "", (want, have) -> false)
                && is(operation.getPathsList(), operation.getNotPathsList(), asked.seen(), Judge::path);
    }

    private static boolean condition(Condition condition, Asked asked) {
        BiPredicate<String, Asked> any = (want, request) -> switch (condition.getKey()) {
            case "request.headers[X-A]" ->
                request.values().stream().anyMatch(value -> want.equals("*") || wildcard(want, value));
            case "request.headers[:path]" -> wildcard(want, request.seen() + PathJudge.query(request.path()));
            case "source.namespace" ->
                request.identity() != null && wildcard(want, request.identity().split("/", -1)[4]);
            default ->
                TokenJudge.values(condition.getKey(), request.bearer())
                        .filter(values -> want.equals("*") || values.stream().anyMatch(value -> wildcard(want, value)))
                        .isPresent();
        };
        boolean has = condition.getValuesCount() == 0
                || condition.getValuesList().stream().anyMatch(want -> any.test(want, asked));
        return has && condition.getNotValuesList().stream().noneMatch(want -> any.test(want, asked));
    }

    private static boolean is(
            List<String> wanted, List<String> unwanted, String actual, BiPredicate<String, String> fits) {
        return (wanted.isEmpty() || wanted.stream().anyMatch(want -> fits.test(want, actual)))
                && unwanted.stream().noneMatch(want -> fits.test(want, actual));
    }

    private static boolean requestPrincipal(String want, String have) {
        return have.contains("/") && wildcard(want, have);
    }

    static boolean wildcard(String want, String have) {
        if (want.equals("*")) {
            return !have.isEmpty();
        }
        if (want.endsWith("*")) {
            return have.regionMatches(0, want, 0, want.length() - 1);
        }
        return want.startsWith("*") ? !have.isEmpty() && have.endsWith(want.substring(1)) : have.equals(want);
    }

    /** Case does not matter; neither does a port that the policy does not name, nor the dot of the root. */
    private static boolean host(String want, String have) {
        String lower = have.toLowerCase(Locale.ROOT);
        String wanted = want.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        int colon = lower.indexOf(':');
        String port = colon < 0 ? "" : lower.substring(colon);
        String name = colon < 0 ? lower : lower.substring(0, colon);
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (wanted.endsWith("*") && !wanted.contains(":")) {
            return wildcard(wanted, lower);
        }
        return wanted.contains(":") ? wildcard(wanted, plain + port) : wildcard(wanted, plain);
    }

    private static boolean path(String want, String have) {
        if (!want.contains("{")) {
            return wildcard(want, have);
        }
        String[] parts = want.split("/", -1);
        String[] actual = have.split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].equals("{**}")) {
                return i < actual.length;
            }
            boolean fits =
                    i < actual.length && (parts[i].equals("{*}") ? !actual[i].isEmpty() : parts[i].equals(actual[i]));
            if (!fits) {
                return false;
            }
        }
        return parts.length == actual.length;
    }

    static boolean inRange(String range, String address) {
        String[] parts = range.split("/", 2);
        int bits = parts.length == 1 ? 32 : Integer.parseInt(parts[1]);
        long mask = bits == 0 ? 0 : 0xffffffffL << (32 - bits) & 0xffffffffL;
        return (number(parts[0]) & mask) == (number(address) & mask);
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.", -1)) {
            number = number << 8 | Long.parseLong(part);
        }
        return number;
    }
}
