package io.flotilla.envoy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;

/** Tokens as a real Envoy judges them by what it was told. */
class TokensTest {
    private static final Path SERVER =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/authz/server.yaml");
    private static final Path EDGE = SERVER.resolveSibling("edge.yaml");
    private static final String ALICE = "{\"iss\":\"https://a.example\",\"sub\":\"alice\",\"aud\":[\"shop\"],"
            + "\"exp\":4102444800,\"groups\":[\"staff\",\"night\"],\"team\":\"blue\"}";

    private final Issuer a;
    private final Issuer b;

    TokensTest() throws GeneralSecurityException {
        a = new Issuer("a");
        b = new Issuer("b");
    }

    private static Workbench start(String policies) throws IOException {
        return Workbench.start(MeshFiles.of(policies, SERVER), Proxies.sidecar("server", "v1"));
    }

    private static Call get(String path) {
        return Call.get("server", 8080, path);
    }

    private static Call bearing(String path, String token) {
        return get(path).with("authorization", "Bearer " + token);
    }

    private static String claims(String change, String by) {
        return ALICE.replace(change, by);
    }

    @Test
    void aTokenMayBeMissingButNotBad() throws IOException, GeneralSecurityException {
        try (Workbench bench = start("""
                apiVersion: security.istio.io/v1
                kind: RequestAuthentication
                metadata: {name: a}
                spec:
                  jwtRules:
                  - {issuer: "https://a.example", audiences: [shop], jwks: '%s', outputPayloadToHeader: x-payload,
                     outputClaimToHeaders: [{header: x-team, claim: team}]}
                  - {issuer: "https://unknown.example", jwksUri: "https://unknown.example/keys"}
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: staff}
                spec:
                  rules:
                  - to: [{operation: {paths: ["/open"]}}]
                  - from: [{source: {requestPrincipals: ["https://a.example/alice"]}}]
                    when: [{key: "request.auth.claims[groups]", values: [staff]}]
                """.formatted(a.jwks()))) {
            Reply welcome = bench.receive(bearing("/staff", a.token(ALICE)));
            assertThat(welcome.status()).as(welcome.body()).isEqualTo(200);
            assertThat(welcome.seenHeaders())
                    .containsEntry("x-team", "blue")
                    .containsKey("x-payload")
                    .doesNotContainKey("authorization");
            assertThat(bench.receive(get("/staff?access_token=" + a.token(ALICE)))
                            .status())
                    .isEqualTo(200);
            Reply open = bench.receive(get("/open").with("x-team", "forged").with("x-payload", "forged"));
            assertThat(open.status()).isEqualTo(200);
            assertThat(open.seenHeaders()).as("claims of nobody").doesNotContainKeys("x-team", "x-payload");
            assertThat(bench.receive(get("/staff")).status()).isEqualTo(403);
            assertThat(bench.receive(bearing("/staff", a.token(claims("alice", "bob"))))
                            .status())
                    .isEqualTo(403);
            assertThat(bench.receive(bearing("/staff", a.token(claims("staff", "day"))))
                            .status())
                    .isEqualTo(403);
            assertThat(bench.receive(bearing("/open", a.token(claims("\"shop\"", "\"other\""))))
                            .status())
                    .as("for another audience; Envoy says 403 where Istio 1.1 said 401")
                    .isEqualTo(403);
            refused(bench);
        }
    }

    /** Whatever is wrong with a token, also where none is needed. */
    private void refused(Workbench bench) throws IOException, GeneralSecurityException {
        for (String bad : new String[] {
            a.token(claims("4102444800", "1000000000")),
            a.token(claims("https://a.example", "https://nobody.example")),
            a.token(claims("https://a.example", "https://unknown.example")),
            b.token(ALICE),
            a.unsigned(ALICE),
            a.confused(ALICE),
            a.unsigned(ALICE).replaceFirst("^[^.]*", header(a.token(ALICE)))
                    + signature(a.token(claims("alice", "bob"))),
            "none"
        }) {
            Reply reply = bench.receive(bearing("/open", bad));
            assertThat(reply.status()).as(bad + " " + reply.body()).isEqualTo(401);
        }
    }

    private static String header(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    @Test
    void noHeaderOfATokenChoosesItsKey() throws IOException, GeneralSecurityException {
        try (Workbench bench = start("""
                apiVersion: security.istio.io/v1
                kind: RequestAuthentication
                metadata: {name: a}
                spec: {jwtRules: [{issuer: "https://a.example", jwks: '%s'}]}
                """.formatted(a.jwks()))) {
            assertThat(bench.receive(bearing("/", a.token(ALICE))).status()).isEqualTo(200);
            for (String header : new String[] {
                "{\"alg\":\"ES256\"}",
                "{\"alg\":\"ES256\",\"kid\":\"a\"}",
                "{\"alg\":\"ES256\",\"kid\":\"b\"}",
                "{\"alg\":\"ES256\",\"kid\":\"../../../../dev/null\"}",
                "{\"alg\":\"ES256\",\"kid\":\"a' OR '1'='1\"}",
                "{\"alg\":\"ES256\",\"kid\":\"a\\u0000\"}",
                "{\"alg\":\"ES256\",\"kid\":\"a\",\"jwk\":" + b.key() + "}",
                "{\"alg\":\"ES256\",\"kid\":\"a\",\"jku\":\"https://b.example/keys\"}",
                "{\"alg\":\"ES256\",\"kid\":\"a\",\"x5u\":\"https://b.example/chain\"}",
                "{\"alg\":\"ES256\",\"kid\":[\"a\"]}",
                "{\"alg\":\"ES256\",\"kid\":7}",
                "{\"alg\":\"ES512\",\"kid\":\"a\"}",
                "{\"alg\":\"\",\"kid\":\"a\"}",
                "{\"alg\":\"none\",\"kid\":\"a\"}",
                "[]",
                "{"
            }) {
                assertThat(bench.receive(bearing("/", b.headed(header, ALICE))).status())
                        .as(header)
                        .isEqualTo(401);
            }
            for (String malformed : new String[] {".", "..", "...", "a.b.c", "=.=.=", "e30.e30.", "e30.e30.e30"}) {
                assertThat(bench.receive(bearing("/", malformed)).status())
                        .as(malformed)
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void tokensOfSeveralIssuersAreFoundWhereTheRulesSay() throws IOException, GeneralSecurityException {
        try (Workbench bench = start("""
                apiVersion: security.istio.io/v1
                kind: RequestAuthentication
                metadata: {name: a}
                spec:
                  jwtRules:
                  - {issuer: "https://a.example", jwks: '%s', forwardOriginalToken: true,
                     fromHeaders: [{name: x-token, prefix: "Token "}], fromCookies: [session]}
                  - {issuer: "https://b.example", jwks: '%s', fromParams: [t]}
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: known}
                spec:
                  rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]
                """.formatted(a.jwks(), b.jwks()))) {
            String ofA = a.token(ALICE);
            String ofB = b.token(claims("https://a.example", "https://b.example"));
            Reply header = bench.receive(get("/").with("x-token", "Token " + ofA));
            assertThat(header.status()).as(header.body()).isEqualTo(200);
            assertThat(header.seenHeaders()).containsKey("x-token");
            assertThat(bench.receive(get("/").with("cookie", "session=" + ofA)).status())
                    .isEqualTo(200);
            assertThat(bench.receive(get("/?t=" + ofB)).status()).isEqualTo(200);
            assertThat(bench.receive(bearing("/", ofA)).status())
                    .as("a place that no rule names")
                    .isEqualTo(403);
            assertThat(bench.receive(get("/?t=" + ofA)).status()).isEqualTo(401);
        }
    }

    @Test
    void originsOfAClassicPolicyAreAskedWhereTheirTriggersSay() throws IOException, GeneralSecurityException {
        try (Workbench bench = start("""
                apiVersion: authentication.istio.io/v1alpha1
                kind: Policy
                metadata: {name: server}
                spec:
                  targets: [{name: server}]
                  origins:
                  - jwt:
                      issuer: https://a.example
                      jwks: '%s'
                      triggerRules: [{excludedPaths: [{exact: /health}, {prefix: /public/}]}]
                  - jwt:
                      issuer: https://b.example
                      jwks: '%s'
                      jwtHeaders: [x-b]
                      triggerRules: [{includedPaths: [{suffix: .b}]}]
                  principalBinding: USE_ORIGIN
                """.formatted(a.jwks(), b.jwks()))) {
            String ofA = a.token(ALICE);
            String ofB = b.token(claims("https://a.example", "https://b.example"));
            for (String open : new String[] {"/health", "/health?verbose", "/public/x"}) {
                assertThat(bench.receive(get(open)).status()).as(open).isEqualTo(200);
            }
            for (String closed : new String[] {"/", "/healthz", "/health/", "/health;x", "/Health", "/public/../x"}) {
                assertThat(bench.receive(get(closed)).status()).as(closed).isEqualTo(401);
                assertThat(bench.receive(bearing(closed, ofA)).status())
                        .as(closed)
                        .isEqualTo(200);
            }
            assertThat(bench.receive(get("/x").with("x-b", ofB)).status())
                    .as("its tokens are not asked for here")
                    .isEqualTo(401);
            assertThat(bench.receive(get("/x.b?y").with("x-b", ofB)).status()).isEqualTo(200);
            assertThat(bench.receive(bearing("/x.b", ofA)).status()).isEqualTo(200);
            assertThat(bench.receive(get("/public/x.b")).status()).isEqualTo(401);
            assertThat(bench.receive(bearing("/public/x.b", ofA)).status())
                    .as("only the other issuer counts there")
                    .isEqualTo(401);
        }
    }

    @Test
    void whoIsToBeKnownByATokenThatNobodyIssuesIsRefused() throws IOException, GeneralSecurityException {
        try (Workbench bench = start("""
                apiVersion: authentication.istio.io/v1alpha1
                kind: Policy
                metadata: {name: default}
                spec: {principalBinding: USE_ORIGIN}
                """)) {
            assertThat(bench.receive(get("/")).status()).isEqualTo(401);
            assertThat(bench.receive(bearing("/", a.token(ALICE))).status()).isEqualTo(401);
        }
    }

    @Test
    void anOptionalOriginLetsEverybodyIn() throws IOException, GeneralSecurityException {
        try (Workbench bench = start("""
                apiVersion: authentication.istio.io/v1alpha1
                kind: Policy
                metadata: {name: default}
                spec:
                  origins: [{jwt: {issuer: "https://a.example", jwks: '%s'}}]
                  originIsOptional: true
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: known}
                spec:
                  rules: [{to: [{operation: {paths: [/open]}}]}, {from: [{source: {requestPrincipals: ["*"]}}]}]
                """.formatted(a.jwks()))) {
            assertThat(bench.receive(get("/open")).status()).isEqualTo(200);
            assertThat(bench.receive(bearing("/open", b.token(ALICE))).status()).isEqualTo(200);
            assertThat(bench.receive(bearing("/x", b.token(ALICE))).status()).isEqualTo(403);
            assertThat(bench.receive(bearing("/x", a.token(ALICE))).status()).isEqualTo(200);
        }
    }

    @Test
    void aTokenIsCheckedAtAnEdge() throws IOException, GeneralSecurityException {
        try (Workbench bench =
                Workbench.start(MeshFiles.of("""
                        apiVersion: security.istio.io/v1
                        kind: RequestAuthentication
                        metadata: {name: edge, namespace: istio-system}
                        spec:
                          selector: {matchLabels: {istio: ingressgateway}}
                          jwtRules: [{issuer: "https://a.example", jwks: '%s', forwardOriginalToken: true}]
                        """.formatted(a.jwks()), EDGE, SERVER), Proxies.ingress())) {
            Call call = Call.get("shop.example.com", 80, "/");
            assertThat(bench.enter(call).status()).isEqualTo(200);
            assertThat(bench.enter(call.with("authorization", "Bearer " + a.token(ALICE)))
                            .status())
                    .isEqualTo(200);
            assertThat(bench.enter(call.with("authorization", "Bearer " + b.token(ALICE)))
                            .status())
                    .isEqualTo(401);
        }
    }
}
