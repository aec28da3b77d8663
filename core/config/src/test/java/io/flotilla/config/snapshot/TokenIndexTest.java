package io.flotilla.config.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authentication.TokenPolicy.Classic;
import io.flotilla.config.authentication.TokenPolicy.Current;
import io.flotilla.config.authentication.TokenRule;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenIndexTest {
    private static final Map<String, String> REVIEWS = Map.of("app", "reviews");

    private static final String ONE = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AQ\"}]}";
    private static final String TWO = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"Ag\"}]}";

    private static Guarded pods(String namespace, Map<String, String> labels) {
        return new Guarded(namespace, "reviews", labels);
    }

    private static String request(String name, String namespace, String spec) {
        return "---\n{apiVersion: security.istio.io/v1, kind: RequestAuthentication, metadata: {name: " + name
                + ", namespace: " + namespace + "}, spec: " + spec + "}\n";
    }

    private static String policy(String name, String spec) {
        return "---\n{apiVersion: authentication.istio.io/v1alpha1, kind: Policy, metadata: {name: " + name
                + ", namespace: default}, spec: " + spec + "}\n";
    }

    private static String keys(String name, String uri, String jwks) {
        return "---\n{apiVersion: security.flotilla.io/v1, kind: KeySet, metadata: {name: " + name + "}, spec: {uri: '"
                + uri + "', jwks: '" + jwks + "'}}\n";
    }

    private static List<String> issuers(TokenPolicy policy) {
        return switch (policy) {
            case Current(List<TokenRule> rules) ->
                rules.stream().map(TokenRule::issuer).toList();
            case Classic classic ->
                classic.origins().stream().map(origin -> origin.rule().issuer()).toList();
        };
    }

    @Test
    void everyPolicyThatSelectsTheWorkloadCounts() {
        MeshSnapshot mesh = TestMesh.of(TestMesh.BOOKS
                + request("mesh", "istio-system", "{jwtRules: [{issuer: m, jwks: '{\"keys\":[]}'}]}")
                + request("all", "default", "{jwtRules: [{issuer: n, jwks: '{\"keys\":[]}'}]}")
                + request(
                        "one",
                        "default",
                        "{selector: {matchLabels: {app: reviews}}, jwtRules: [{issuer: w, jwks: '{\"keys\":[]}'}]}")
                + request(
                        "other",
                        "default",
                        "{selector: {matchLabels: {app: ratings}}, jwtRules: [{issuer: x, jwks: '{\"keys\":[]}'}]}")
                + request("far", "elsewhere", "{jwtRules: [{issuer: y, jwks: '{\"keys\":[]}'}]}"));

        assertThat(issuers(mesh.tokens(pods("default", REVIEWS), 9080))).containsExactly("m", "n", "w");
        assertThat(issuers(mesh.tokens(pods("other", REVIEWS), 9080))).containsExactly("m");
    }

    @Test
    void keysAreThoseFoundAtTheAddressOrNone() {
        String named = "{jwtRules: [{issuer: a, jwksUri: 'https://a.example/keys'}, {issuer: 'https://b.example/'},"
                + " {issuer: c, jwksUri: 'https://c.example/keys'}]}";
        MeshSnapshot mesh = TestMesh.of(TestMesh.BOOKS
                + request("all", "default", named)
                + keys("one", "https://a.example/keys", ONE)
                + keys("two", "https://b.example/.well-known/openid-configuration", TWO));
        MeshSnapshot without = SnapshotBuilder.update(mesh, List.of(), List.of(ObjectKey.of(Kind.KEY_SET, "", "one")));

        assertThat(((Current) mesh.tokens(pods("default", REVIEWS), 9080))
                        .rules().stream().map(TokenRule::jwks))
                .containsExactly(ONE, TWO, "");
        assertThat(((Current) without.tokens(pods("default", REVIEWS), 9080))
                        .rules().stream().map(TokenRule::jwks))
                .containsExactly("", TWO, "");
    }

    @Test
    void aClassicPolicyDecidesWhereNothingElseApplies() {
        String origins = "{targets: [{name: reviews}], origins: [{jwt: {issuer: o, jwks: '{\"keys\":[]}',"
                + " triggerRules: [{excludedPaths: [{exact: /health}]}]}}], originIsOptional: true}";
        MeshSnapshot classic = TestMesh.of(TestMesh.BOOKS + policy("reviews", origins));
        MeshSnapshot both = TestMesh.of(TestMesh.BOOKS
                + policy("reviews", origins)
                + request("all", "default", "{jwtRules: [{issuer: n, jwks: '{\"keys\":[]}'}]}"));

        Classic found = (Classic) classic.tokens(pods("default", REVIEWS), 8080);
        assertThat(found.optional()).isTrue();
        assertThat(found.origins().getFirst().triggers())
                .containsExactly(
                        new TokenPolicy.Trigger(List.of(new TokenPolicy.PathPattern.Exact("/health")), List.of()));
        assertThat(classic.tokens(pods("default", Map.of("app", "ratings")), 8080))
                .isEqualTo(TokenPolicy.NONE);
        assertThat(issuers(both.tokens(pods("default", REVIEWS), 8080))).containsExactly("n");
    }
}
