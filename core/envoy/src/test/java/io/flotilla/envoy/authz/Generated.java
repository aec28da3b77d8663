package io.flotilla.envoy.authz;

import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.Condition;
import io.flotilla.api.security.v1beta1.Operation;
import io.flotilla.api.security.v1beta1.Rule;
import io.flotilla.api.security.v1beta1.Source;
import io.flotilla.config.authentication.TokenRule;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Policies and requests at random, of words that are close to each other and of those that confuse. */
final class Generated {
    static final List<String> IDENTITIES = List.of(
            "spiffe://cluster.local/ns/foo/sa/client",
            "spiffe://cluster.local/ns/foo/sa/a.b",
            "spiffe://cluster.local/ns/foo/sa/axb",
            "spiffe://cluster.local/ns/ns/sa/foo",
            "spiffe://cluster.local/ns/sa/sa/ns",
            "spiffe://other.domain/ns/foo/sa/client",
            "spiffe://cluster.local/ns/foobar/sa/client-2");

    private static final List<String> PRINCIPALS = List.of(
            "*",
            "cluster.local/ns/foo/sa/client",
            "cluster.local/ns/foo/sa/a.b",
            "cluster.local/ns/foo/*",
            "*/sa/client",
            "*b",
            "clusterxlocal/ns/foo/sa/client",
            "other.domain/ns/foo/sa/client",
            "spiffe://cluster.local/ns/foo/sa/client");
    private static final List<String> NAMESPACES = List.of("foo", "foo*", "*bar", "ns", "sa", "*", "f.o");
    private static final List<String> ACCOUNTS =
            List.of("client", "a.b", "foo/a.b", "ns/foo", "sa/ns", "foobar/client-2");
    private static final List<String> RANGES =
            List.of("127.0.0.1", "127.0.0.0/8", "10.0.0.0/8", "0.0.0.0/0", "10.1.2.3");
    private static final List<String> HOSTS = List.of(
            "a.example.com",
            "A.Example.COM",
            "a.example.com:8080",
            "*.example.com",
            "*.example.com:8080",
            "a.*",
            "a.example.com:*",
            "*",
            "a.example.com.",
            "axexample.com");
    private static final List<String> SENT_HOSTS = List.of(
            "a.example.com",
            "A.EXAMPLE.com",
            "a.example.com:8080",
            "a.example.com:80",
            "a.example.com.",
            "a.example.com.:8080",
            "b.example.com.:8080",
            "b.example.com",
            "axexample.com",
            "a.example.com,b.example.com",
            "example.com");
    private static final List<String> METHODS = List.of("GET", "POST", "P*", "*T", "*", "get");
    private static final List<String> PATHS = List.of(
            "/admin",
            "/admin/",
            "/admin*",
            "/admin/*",
            "*.txt",
            "*",
            "/a.b",
            "/{*}/x",
            "/admin/{**}",
            "/a/{*}",
            "/a;b");
    private static final List<String> PIECES = List.of(
            "admin",
            "Admin",
            "a",
            "a.b",
            "axb",
            "x",
            "f.txt",
            "",
            ".",
            "..",
            "%2e%2e",
            "%2E",
            "%2F",
            "%2f",
            "a;b",
            "admin;v=1",
            "x%20y",
            "%41dmin",
            "%61dmin",
            "..;",
            "..;x",
            ".;x",
            "%2e%2e;x",
            ".%2e",
            "..%3bx",
            "...",
            "a%5cb",
            "a%2F..%2fadmin",
            "x|y",
            "%7Ea",
            "\\",
            "a=b");
    private static final List<String> VALUES = List.of("one", "two", "o*", "*o", "*", "one,two");
    private static final List<String> SENT_VALUES = List.of("one", "two", "ONE", "one,two", "other", "");

    private static final List<String> REQUEST_PRINCIPALS = List.of(
            "*",
            "https://a.example.com/jane",
            "https://a.example.com/*",
            "*/jane",
            "https://b.example.com/x/jane",
            "https://b.example.com/*",
            "*e",
            "https://a.example.com");
    private static final Map<String, List<String>> CLAIMS = Map.of(
            "request.auth.audiences", List.of("shop", "*", "sh*"),
            "request.auth.presenter", List.of("app", "*b"),
            "request.auth.claims[groups]", List.of("staff", "staff*", "*", "7"),
            "request.auth.claims[scope]", List.of("read", "write", "read write"),
            "request.auth.claims[roles]", List.of("a", "b"),
            "request.auth.claims[deep][er]", List.of("down", "u*"),
            "request.auth.claims[deep]", List.of("er", "*"));

    private final Random random;
    private final Chance chance;
    private final Tokenizer tokens;

    Generated(long seed) throws GeneralSecurityException {
        this.random = new Random(seed);
        this.chance = new Chance(random);
        this.tokens = new Tokenizer(random);
    }

    /** Those who believe the tokens of its requests. */
    List<TokenRule> rules() {
        return tokens.rules();
    }

    PolicySet set() {
        return random.nextInt(3) > 0 ? new PolicySet.Current(policies()) : new GeneratedRoles(random).set();
    }

    private List<AuthorizationPolicy> policies() {
        return chance.policies(2, this::rule);
    }

    Asked request() {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 1; i--) {
            values.add(chance.one(SENT_VALUES));
        }
        String client = random.nextInt(3) == 0 ? "10.1.2.3" : "";
        return new Asked(
                identity(),
                chance.one(List.of("GET", "GET", "POST", "PUT")),
                path(),
                chance.one(SENT_HOSTS),
                values,
                client,
                tokens.one(random),
                NormalizationType.BASE);
    }

    private @Nullable String identity() {
        return random.nextInt(8) == 0 ? null : chance.one(IDENTITIES);
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            path.append('/').append(chance.one(PIECES));
        }
        // Envoy closes a connection after a fragment, so there are few.
        return path
                + (random.nextInt(100) == 0
                        ? chance.one(List.of("?x#y", "#/admin"))
                        : chance.one(List.of("", "", "", "?", "?a=/admin", "/")));
    }

    private Rule rule() {
        return chance.rule(this::source, this::operation, 3, this::condition);
    }

    private Source source() {
        Source.Builder source = Source.newBuilder();
        switch (random.nextInt(10)) {
            case 8 -> source.addAllRequestPrincipals(chance.some(REQUEST_PRINCIPALS));
            case 9 -> source.addAllNotRequestPrincipals(chance.some(REQUEST_PRINCIPALS));
            case 0, 1 -> source.addAllPrincipals(chance.some(PRINCIPALS));
            case 2 -> source.addAllNotPrincipals(chance.some(PRINCIPALS));
            case 3 -> source.addAllNamespaces(chance.some(NAMESPACES));
            case 4 -> source.addAllNotNamespaces(chance.some(NAMESPACES)).addAllPrincipals(chance.some(PRINCIPALS));
            case 5 -> source.addAllServiceAccounts(chance.some(ACCOUNTS));
            case 6 -> source.addAllNotServiceAccounts(chance.some(ACCOUNTS)).addAllIpBlocks(chance.some(RANGES));
            default -> source.addAllRemoteIpBlocks(chance.some(RANGES)).addAllNotIpBlocks(List.of("10.0.0.0/8"));
        }
        return source.build();
    }

    private Operation operation() {
        Operation.Builder operation = Operation.newBuilder();
        switch (random.nextInt(8)) {
            case 0 -> operation.addAllHosts(chance.some(HOSTS));
            case 1 -> operation.addAllNotHosts(chance.some(HOSTS));
            case 2 -> operation.addAllMethods(chance.some(METHODS)).addAllPaths(chance.some(PATHS));
            case 3 -> operation.addAllNotMethods(chance.some(METHODS));
            case 4, 5 -> operation.addAllPaths(chance.some(PATHS));
            case 6 -> operation.addAllNotPaths(chance.some(PATHS));
            default ->
                operation.addNotPorts("1").addAllHosts(chance.some(HOSTS)).addAllPaths(chance.some(PATHS));
        }
        return operation.build();
    }

    private Condition condition() {
        Condition.Builder condition = Condition.newBuilder().setKey("request.headers[X-A]");
        List<String> values = chance.some(VALUES);
        if (random.nextInt(4) == 0) {
            condition.setKey("source.namespace");
            values = chance.some(NAMESPACES);
        } else if (random.nextInt(8) == 0) {
            condition.setKey("request.headers[:path]");
            values = chance.some(PATHS);
        } else if (random.nextBoolean()) {
            String key = chance.one(List.copyOf(new TreeMap<>(CLAIMS).keySet()));
            condition.setKey(key);
            values = chance.some(CLAIMS.getOrDefault(key, List.of()));
        }
        return random.nextBoolean()
                ? condition.addAllValues(values).build()
                : condition.addAllNotValues(values).build();
    }
}
