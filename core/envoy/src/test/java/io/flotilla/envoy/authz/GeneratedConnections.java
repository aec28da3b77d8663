package io.flotilla.envoy.authz;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy.Action;
import io.flotilla.api.security.v1beta1.Condition;
import io.flotilla.api.security.v1beta1.Operation;
import io.flotilla.api.security.v1beta1.Rule;
import io.flotilla.api.security.v1beta1.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Policies and connections at random; some rules ask for what only requests have. */
final class GeneratedConnections {
    private static final List<String> PRINCIPALS = List.of(
            "*",
            "cluster.local/ns/foo/sa/client",
            "cluster.local/ns/foo/sa/a.b",
            "cluster.local/ns/foo/*",
            "*/sa/client",
            "*b",
            "clusterxlocal/ns/foo/sa/client",
            "other.domain/ns/foo/sa/client");
    private static final List<String> NAMESPACES = List.of("foo", "foo*", "*bar", "ns", "sa", "*", "f.o");
    private static final List<String> ACCOUNTS = List.of("client", "a.b", "foo/a.b", "ns/foo", "foobar/client-2");
    private static final List<String> SOURCES = List.of("127.0.0.1", "127.0.0.0/8", "127.0.0.2", "127.1.0.0/16");
    private static final List<String> CLIENTS = List.of("10.1.2.3", "10.0.0.0/8", "fd00::/16", "fd00::7", "0.0.0.0/0");
    private static final List<String> TARGETS = List.of("10.44.0.9", "10.44.0.0/24", "fd00::9", "::/0");
    private static final List<String> PORTS = List.of("8080", "9090", "5432");
    private static final List<String> NAMES =
            List.of("db.example.com", "DB.Example.com", "*.example.com", "db.*", "*", "dbxexample.com");
    private static final Map<String, List<String>> CONDITIONS = Map.of(
            "connection.sni", NAMES,
            "source.ip", SOURCES,
            "remote.ip", CLIENTS,
            "destination.ip", TARGETS,
            "destination.port", PORTS,
            "source.principal", PRINCIPALS,
            "source.namespace", NAMESPACES,
            "source.trustDomain", List.of("cluster.local", "*.domain", "cluster*"),
            "request.headers[x-a]", List.of("one", "*"),
            "request.auth.audiences", List.of("shop"));

    private final Random random;

    GeneratedConnections(long seed) {
        this.random = new Random(seed);
    }

    List<AuthorizationPolicy> policies() {
        List<AuthorizationPolicy> policies = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            AuthorizationPolicy.Builder policy =
                    AuthorizationPolicy.newBuilder().setAction(random.nextInt(5) < 3 ? Action.ALLOW : Action.DENY);
            for (int rules = random.nextInt(1, 4); rules > 0; rules--) {
                policy.addRules(rule());
            }
            policies.add(policy.build());
        }
        return policies;
    }

    Connected connection() {
        boolean plain = random.nextInt(4) == 0;
        boolean six = random.nextInt(3) == 0;
        return new Connected(
                plain ? null : one(Generated.IDENTITIES),
                one(List.of("127.0.0.1", "127.0.0.2", "127.1.2.3")),
                six ? one(List.of("fd00::7", "fe80::1")) : one(List.of("10.1.2.3", "192.0.2.1")),
                six ? "fd00::9" : one(List.of("10.44.0.9", "10.44.1.9")),
                Integer.parseInt(one(PORTS)),
                plain ? "" : one(List.of("", "db.example.com", "Db.EXAMPLE.com", "x.example.com", "dbxexample.com")));
    }

    private Rule rule() {
        Rule.Builder rule = Rule.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            rule.addFrom(Rule.From.newBuilder().setSource(source()));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            rule.addTo(Rule.To.newBuilder().setOperation(operation()));
        }
        if (random.nextBoolean()) {
            rule.addWhen(condition());
        }
        return rule.build();
    }

    private Source source() {
        Source.Builder source = Source.newBuilder();
        return switch (random.nextInt(10)) {
            case 0, 1 -> source.addAllPrincipals(some(PRINCIPALS)).build();
            case 2 -> source.addAllNotPrincipals(some(PRINCIPALS)).build();
            case 3 -> source.addAllNamespaces(some(NAMESPACES)).build();
            case 4 ->
                source.addAllNotNamespaces(some(NAMESPACES))
                        .addAllPrincipals(some(PRINCIPALS))
                        .build();
            case 5 -> source.addAllServiceAccounts(some(ACCOUNTS)).build();
            case 6 ->
                source.addAllNotServiceAccounts(some(ACCOUNTS))
                        .addAllIpBlocks(some(SOURCES))
                        .build();
            case 7 -> source.addAllNotIpBlocks(some(SOURCES)).build();
            case 8 ->
                source.addAllRemoteIpBlocks(some(CLIENTS))
                        .addAllNotRemoteIpBlocks(some(CLIENTS))
                        .build();
            default ->
                source.addAllRequestPrincipals(List.of("*"))
                        .addAllPrincipals(some(PRINCIPALS))
                        .build();
        };
    }

    private Operation operation() {
        Operation.Builder operation = Operation.newBuilder();
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> operation.addAllPorts(some(PORTS)).build();
            case 3, 4, 5 -> operation.addAllNotPorts(some(PORTS)).build();
            case 6 -> operation.addMethods("GET").addAllPorts(some(PORTS)).build();
            default ->
                operation.addNotPaths("/admin").addNotHosts("a.example.com").build();
        };
    }

    private Condition condition() {
        String key = one(List.copyOf(new TreeMap<>(CONDITIONS).keySet()));
        Condition.Builder condition = Condition.newBuilder().setKey(key);
        List<String> values = some(CONDITIONS.getOrDefault(key, List.of()));
        return random.nextInt(3) > 0
                ? condition.addAllValues(values).build()
                : condition.addAllNotValues(values).build();
    }

    private List<String> some(List<String> words) {
        return random.nextBoolean() ? List.of(one(words)) : List.of(one(words), one(words));
    }

    private String one(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }
}
