package io.flotilla.envoy.authz;

import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy.Action;
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
    private final Tokenizer tokens;

    Generated(long seed) throws GeneralSecurityException {
        this.random = new Random(seed);
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
        List<AuthorizationPolicy> policies = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            AuthorizationPolicy.Builder policy =
                    AuthorizationPolicy.newBuilder().setAction(random.nextInt(5) < 3 ? Action.ALLOW : Action.DENY);
            for (int rules = random.nextInt(1, 3); rules > 0; rules--) {
                policy.addRules(rule());
            }
            policies.add(policy.build());
        }
        return policies;
    }

    Asked request() {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 1; i--) {
            values.add(one(SENT_VALUES));
        }
        String client = random.nextInt(3) == 0 ? "10.1.2.3" : "";
        return new Asked(
                identity(),
                one(List.of("GET", "GET", "POST", "PUT")),
                path(),
                one(SENT_HOSTS),
                values,
                client,
                tokens.one(random),
                NormalizationType.BASE);
    }

    private @Nullable String identity() {
        return random.nextInt(8) == 0 ? null : one(IDENTITIES);
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            path.append('/').append(one(PIECES));
        }
        // Envoy closes a connection after a fragment, so there are few.
        return path
                + (random.nextInt(100) == 0
                        ? one(List.of("?x#y", "#/admin"))
                        : one(List.of("", "", "", "?", "?a=/admin", "/")));
    }

    private Rule rule() {
        Rule.Builder rule = Rule.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            rule.addFrom(Rule.From.newBuilder().setSource(source()));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            rule.addTo(Rule.To.newBuilder().setOperation(operation()));
        }
        if (random.nextInt(3) == 0) {
            rule.addWhen(condition());
        }
        return rule.build();
    }

    private Source source() {
        Source.Builder source = Source.newBuilder();
        switch (random.nextInt(10)) {
            case 8 -> source.addAllRequestPrincipals(some(REQUEST_PRINCIPALS));
            case 9 -> source.addAllNotRequestPrincipals(some(REQUEST_PRINCIPALS));
            case 0, 1 -> source.addAllPrincipals(some(PRINCIPALS));
            case 2 -> source.addAllNotPrincipals(some(PRINCIPALS));
            case 3 -> source.addAllNamespaces(some(NAMESPACES));
            case 4 -> source.addAllNotNamespaces(some(NAMESPACES)).addAllPrincipals(some(PRINCIPALS));
            case 5 -> source.addAllServiceAccounts(some(ACCOUNTS));
            case 6 -> source.addAllNotServiceAccounts(some(ACCOUNTS)).addAllIpBlocks(some(RANGES));
            default -> source.addAllRemoteIpBlocks(some(RANGES)).addAllNotIpBlocks(List.of("10.0.0.0/8"));
        }
        return source.build();
    }

    private Operation operation() {
        Operation.Builder operation = Operation.newBuilder();
        switch (random.nextInt(8)) {
            case 0 -> operation.addAllHosts(some(HOSTS));
            case 1 -> operation.addAllNotHosts(some(HOSTS));
            case 2 -> operation.addAllMethods(some(METHODS)).addAllPaths(some(PATHS));
            case 3 -> operation.addAllNotMethods(some(METHODS));
            case 4, 5 -> operation.addAllPaths(some(PATHS));
            case 6 -> operation.addAllNotPaths(some(PATHS));
            default -> operation.addNotPorts("1").addAllHosts(some(HOSTS)).addAllPaths(some(PATHS));
        }
        return operation.build();
    }

    private Condition condition() {
        Condition.Builder condition = Condition.newBuilder().setKey("request.headers[X-A]");
        List<String> values = some(VALUES);
        if (random.nextInt(4) == 0) {
            condition.setKey("source.namespace");
            values = some(NAMESPACES);
        } else if (random.nextInt(8) == 0) {
            condition.setKey("request.headers[:path]");
            values = some(PATHS);
        } else if (random.nextBoolean()) {
            String key = one(List.copyOf(new TreeMap<>(CLAIMS).keySet()));
            condition.setKey(key);
            values = some(CLAIMS.getOrDefault(key, List.of()));
        }
        return random.nextBoolean()
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
