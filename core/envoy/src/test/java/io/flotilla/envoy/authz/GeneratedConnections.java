package io.flotilla.envoy.authz;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.Condition;
import io.flotilla.api.security.v1beta1.Operation;
import io.flotilla.api.security.v1beta1.Rule;
import io.flotilla.api.security.v1beta1.Source;
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
    private final Chance chance;

    GeneratedConnections(long seed) {
        this.random = new Random(seed);
        this.chance = new Chance(random);
    }

    List<AuthorizationPolicy> policies() {
        return chance.policies(3, this::rule);
    }

    Connected connection() {
        boolean plain = random.nextInt(4) == 0;
        boolean six = random.nextInt(3) == 0;
        return new Connected(
                plain ? null : chance.one(Generated.IDENTITIES),
                chance.one(List.of("127.0.0.1", "127.0.0.2", "127.1.2.3")),
                six ? chance.one(List.of("fd00::7", "fe80::1")) : chance.one(List.of("10.1.2.3", "192.0.2.1")),
                six ? "fd00::9" : chance.one(List.of("10.44.0.9", "10.44.1.9")),
                Integer.parseInt(chance.one(PORTS)),
                plain
                        ? ""
                        : chance.one(
                                List.of("", "db.example.com", "Db.EXAMPLE.com", "x.example.com", "dbxexample.com")));
    }

    private Rule rule() {
        return chance.rule(this::source, this::operation, 2, this::condition);
    }

    private Source source() {
        Source.Builder source = Source.newBuilder();
        return switch (random.nextInt(10)) {
            case 0, 1 -> source.addAllPrincipals(chance.some(PRINCIPALS)).build();
            case 2 -> source.addAllNotPrincipals(chance.some(PRINCIPALS)).build();
            case 3 -> source.addAllNamespaces(chance.some(NAMESPACES)).build();
            case 4 ->
                source.addAllNotNamespaces(chance.some(NAMESPACES))
                        .addAllPrincipals(chance.some(PRINCIPALS))
                        .build();
            case 5 -> source.addAllServiceAccounts(chance.some(ACCOUNTS)).build();
            case 6 ->
                source.addAllNotServiceAccounts(chance.some(ACCOUNTS))
                        .addAllIpBlocks(chance.some(SOURCES))
                        .build();
            case 7 -> source.addAllNotIpBlocks(chance.some(SOURCES)).build();
            case 8 ->
                source.addAllRemoteIpBlocks(chance.some(CLIENTS))
                        .addAllNotRemoteIpBlocks(chance.some(CLIENTS))
                        .build();
            default ->
                source.addAllRequestPrincipals(List.of("*"))
                        .addAllPrincipals(chance.some(PRINCIPALS))
                        .build();
        };
    }

    private Operation operation() {
        Operation.Builder operation = Operation.newBuilder();
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> operation.addAllPorts(chance.some(PORTS)).build();
            case 3, 4, 5 -> operation.addAllNotPorts(chance.some(PORTS)).build();
            case 6 ->
                operation.addMethods("GET").addAllPorts(chance.some(PORTS)).build();
            default ->
                operation.addNotPaths("/admin").addNotHosts("a.example.com").build();
        };
    }

    private Condition condition() {
        String key = chance.one(List.copyOf(new TreeMap<>(CONDITIONS).keySet()));
        Condition.Builder condition = Condition.newBuilder().setKey(key);
        List<String> values = chance.some(CONDITIONS.getOrDefault(key, List.of()));
        return random.nextInt(3) > 0
                ? condition.addAllValues(values).build()
                : condition.addAllNotValues(values).build();
    }
}
