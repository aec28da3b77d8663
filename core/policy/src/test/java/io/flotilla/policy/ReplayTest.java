package io.flotilla.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.events.v1.Arrival;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.HttpRequest;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.events.v1.SecurityPolicy;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.MeshFolder;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other policies would have made of recorded requests. */
class ReplayTest {
    private static final String UI = "spiffe://cluster.local/ns/web/sa/ui";
    private static final Guarded CART = new Guarded("shop", "cart", Map.of("app", "cart"));
    private static final String MESH = """
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
            """;

    private static MeshSnapshot mesh(String... policies) {
        StringBuilder yaml = new StringBuilder(MESH);
        for (int i = 0; i < policies.length; i++) {
            yaml.append("""
                    ---
                    apiVersion: security.istio.io/v1
                    kind: AuthorizationPolicy
                    metadata: {name: p%d, namespace: shop}
                    spec: %s
                    """.formatted(i, policies[i]));
        }
        MeshFolder folder = MeshFolder.read(Map.of("mesh.yaml", yaml.toString()));
        assertThat(folder.hasErrors()).as(folder.diagnostics().toString()).isFalse();
        return folder.snapshot();
    }

    private static RequestRecord.Builder record(String method, String path) {
        return RequestRecord.newBuilder()
                .setType(RecordType.HTTP)
                .setReporter(Reporter.DESTINATION)
                .setSecurity(SecurityPolicy.MUTUAL_TLS)
                .setSource(Peer.newBuilder().setPrincipal(UI).setAddress("10.44.0.7:40000"))
                .setDestination(Peer.newBuilder().setNamespace("shop").setAddress("10.44.0.9:8080"))
                .setHttp(
                        HttpRequest.newBuilder().setMethod(method).setPath(path).setAuthority("cart.shop"));
    }

    private static RequestRecord.Builder denied(RequestRecord.Builder record) {
        return record.setDecision(
                Decision.newBuilder().setVerdict(Decision.Verdict.DENIED).setBy("rbac"));
    }

    private static Replay.Outcome outcome(MeshSnapshot now, MeshSnapshot then, RequestRecord.Builder record) {
        return new Replay(now, then, peer -> Optional.of(CART)).of(record.build());
    }

    private static boolean becomesDenied(Replay.Outcome outcome) {
        return outcome instanceof Replay.Outcome.Changed changed && changed.denied();
    }

    @Test
    void whatAPolicyWouldRefuseIsToldWithItsRule() {
        MeshSnapshot then = mesh("{action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]}");

        Replay.Outcome outcome = outcome(mesh(), then, record("DELETE", "/items/1"));

        assertThat(becomesDenied(outcome)).isTrue();
        assertThat(((Replay.Outcome.Changed) outcome)
                        .because()
                        .by()
                        .orElseThrow()
                        .path())
                .isEqualTo("spec.rules[0]");
        assertThat(outcome(mesh(), then, record("GET", "/items/1"))).isEqualTo(new Replay.Outcome.Same());
    }

    @Test
    void whatAPolicyWouldPermitAgainIsToldToo() {
        MeshSnapshot now = mesh("{rules: [{to: [{operation: {methods: [GET]}}]}]}");
        MeshSnapshot then = mesh("{rules: [{to: [{operation: {methods: [GET, PUT]}}]}]}");

        Replay.Outcome outcome = outcome(now, then, denied(record("PUT", "/")));

        assertThat(outcome).isInstanceOf(Replay.Outcome.Changed.class);
        assertThat(becomesDenied(outcome)).isFalse();
        assertThat(outcome(now, then, denied(record("DELETE", "/")))).isEqualTo(new Replay.Outcome.Same());
    }

    @Test
    void whereTheVerdictHangsOnWhatIsNotRecordedItIsNotDecided() {
        MeshSnapshot then = mesh("""
                {action: DENY, rules: [{to: [{operation: {paths: ["/a"]}}], when: [{key: "request.headers[x-user]", values: [eve]}]}]}
                """.strip());

        assertThat(outcome(mesh(), then, record("GET", "/a")))
                .isEqualTo(new Replay.Outcome.Undecided("records do not have request.headers[x-user]"));
        assertThat(outcome(mesh(), then, record("GET", "/b")))
                .as("the path decides")
                .isEqualTo(new Replay.Outcome.Same());
    }

    @Test
    void anAlternativeThatIsRecordedDecides() {
        MeshSnapshot then = mesh("""
                {rules: [{from: [{source: {remoteIpBlocks: [1.2.3.4]}}, {source: {principals: [cluster.local/ns/web/sa/ui]}}]}]}
                """.strip());

        assertThat(outcome(mesh(), then, record("GET", "/"))).isEqualTo(new Replay.Outcome.Same());
        RequestRecord.Builder other = record("GET", "/");
        other.getSourceBuilder().setPrincipal("spiffe://cluster.local/ns/web/sa/other");
        assertThat(outcome(mesh(), then, other)).isInstanceOf(Replay.Outcome.Undecided.class);
    }

    @Test
    void theSubjectOfATokenIsRecorded() {
        MeshSnapshot then = mesh("{rules: [{from: [{source: {requestPrincipals: [\"https://i/jane\"]}}]}]}");
        RequestRecord.Builder jane = record("GET", "/");
        jane.getDecisionBuilder().setVerdict(Decision.Verdict.ALLOWED).setRequestPrincipal("https://i/jane");

        assertThat(outcome(mesh(), then, jane)).isEqualTo(new Replay.Outcome.Same());
        assertThat(becomesDenied(outcome(mesh(), then, record("GET", "/")))).isTrue();
    }

    @Test
    void whatChangedSinceWithoutThePolicyIsToldApart() {
        MeshSnapshot now = mesh("{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}");
        MeshSnapshot then = mesh(
                "{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}",
                "{action: DENY, rules: [{to: [{operation: {methods: [PUT]}}]}]}");

        assertThat(outcome(now, then, record("GET", "/"))).isEqualTo(new Replay.Outcome.Drifted(true));
        assertThat(becomesDenied(outcome(now, then, record("PUT", "/")))).isTrue();
    }

    @Test
    void whatOthersRefusedOrToldIsNoneOfItsBusiness() {
        MeshSnapshot then = mesh("{}");
        RequestRecord.Builder token = record("GET", "/");
        token.getDecisionBuilder().setVerdict(Decision.Verdict.DENIED).setBy("jwt_authn");

        assertThat(outcome(mesh(), then, token)).isEqualTo(new Replay.Outcome.Irrelevant());
        assertThat(outcome(mesh(), then, record("GET", "/").setReporter(Reporter.SOURCE)))
                .isEqualTo(new Replay.Outcome.Irrelevant());
        assertThat(new Replay(mesh(), then, peer -> Optional.empty())
                        .of(record("GET", "/").build()))
                .isInstanceOf(Replay.Outcome.Undecided.class);
    }

    private static MeshSnapshot folder(String more) {
        MeshFolder folder = MeshFolder.read(Map.of("mesh.yaml", MESH + more));
        assertThat(folder.hasErrors()).as(folder.diagnostics().toString()).isFalse();
        return folder.snapshot();
    }

    private static final String EDGE = """
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: istio-system}
            spec:
              selector: {istio: ingressgateway}
              servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: istio-ingressgateway, namespace: istio-system}
            spec: {selector: {istio: ingressgateway}, ports: [{name: http2, port: 80, targetPort: 8080}]}
            """;
    private static final Guarded INGRESS =
            new Guarded("istio-system", "istio-ingressgateway", Map.of("istio", "ingressgateway"));

    private static MeshSnapshot edge(String policy) {
        return folder(EDGE + """
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: closed, namespace: istio-system}
                spec: {action: DENY, %s}
                """.formatted(policy));
    }

    /** A client 198.51.100.7, by a proxy in front 10.0.0.5, to port 8080 of the gateway's pod. */
    private static RequestRecord.Builder atEdge(String path) {
        RequestRecord.Builder record =
                record("GET", path).setReporter(Reporter.SOURCE).setGateway(true);
        record.setSource(Peer.newBuilder()
                .setNamespace("istio-system")
                .setPod("ingress-0")
                .setAddress("10.0.0.5:4711"));
        return record.setArrival(
                Arrival.newBuilder().setAddress("10.44.0.2:8080").setClient("198.51.100.7:0"));
    }

    private static Replay.Outcome edgeOutcome(MeshSnapshot then, RequestRecord.Builder record) {
        return new Replay(folder(EDGE), then, peer -> Optional.of(INGRESS)).of(record.build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "to: [{operation: {paths: [\"/admin*\"]}}]",
                "from: [{source: {remoteIpBlocks: [198.51.100.0/24]}}]",
                "from: [{source: {ipBlocks: [10.0.0.5]}}]",
                "to: [{operation: {ports: [\"8080\"]}}]",
                "to: [{operation: {hosts: [cart.shop]}}]",
                "when: [{key: destination.ip, values: [10.44.0.2]}]",
            })
    void atAGatewayItIsDecidedByWhoCameToWhere(String rule) {
        Replay.Outcome outcome = edgeOutcome(edge("rules: [{" + rule + "}]"), atEdge("/admin/1"));
        assertThat(becomesDenied(outcome)).as(outcome.toString()).isTrue();
        RequestRecord.Builder other = atEdge("/items");
        other.getSourceBuilder().setAddress("10.0.0.6:1");
        other.getArrivalBuilder().setAddress("10.44.0.3:8443").setClient("203.0.113.9:0");
        other.getHttpBuilder().setAuthority("other.example");
        MeshSnapshot both = folder(EDGE.replace("number: 80,", "number: 8443,"));
        MeshSnapshot then = folder(EDGE.replace("number: 80,", "number: 8443,") + """
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: closed, namespace: istio-system}
                spec: {action: DENY, rules: [{%s}]}
                """.formatted(rule));
        assertThat(new Replay(both, then, peer -> Optional.of(INGRESS)).of(other.build()))
                .isEqualTo(new Replay.Outcome.Same());
    }

    @Test
    void atAGatewayTheCertificateIsTheClientsOwn() {
        MeshSnapshot then = edge("rules: [{from: [{source: {principals: [partner.example/ns/a/sa/b]}}]}]");
        RequestRecord.Builder record = atEdge("/");
        assertThat(edgeOutcome(then, record)).isEqualTo(new Replay.Outcome.Same());
        record.getArrivalBuilder().setPrincipal("spiffe://partner.example/ns/a/sa/b");
        assertThat(becomesDenied(edgeOutcome(then, record))).isTrue();
    }

    @Test
    void atAGatewayItIsSaidWhatRecordsDoNotHave() {
        MeshSnapshot then = edge("rules: [{to: [{operation: {hosts: [cart.shop]}}]}]");
        assertThat(edgeOutcome(then, atEdge("/items").clearArrival()))
                .as("an old record")
                .isInstanceOf(Replay.Outcome.Undecided.class);
        RequestRecord.Builder elsewhere = atEdge("/items");
        elsewhere.getArrivalBuilder().setAddress("10.44.0.2:9999");
        assertThat(edgeOutcome(then, elsewhere))
                .as("no Gateway serves that port")
                .isInstanceOf(Replay.Outcome.Undecided.class);
        String rewriting = """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: out, namespace: istio-system}
                spec:
                  hosts: [a.example]
                  gateways: [edge]
                  http: [{rewrite: {authority: b.example}, route: [{destination: {host: cart.shop.svc.cluster.local}}]}]
                """;
        assertThat(new Replay(folder(EDGE + rewriting), then, peer -> Optional.of(INGRESS))
                        .of(atEdge("/items").build()))
                .as("the host may be the one that a route gave it")
                .isInstanceOfSatisfying(
                        Replay.Outcome.Undecided.class,
                        undecided -> assertThat(undecided.why()).contains("hosts"));
        assertThat(edgeOutcome(mesh("{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}"), atEdge("/")))
                .as("a policy of another namespace")
                .isEqualTo(new Replay.Outcome.Same());
    }

    @Test
    void aConnectionIsJudgedByWhatConnectionsHave() {
        RequestRecord.Builder connection = record("", "").clearHttp().setType(RecordType.TCP_CLOSE);
        MeshSnapshot callers = mesh("{rules: [{from: [{source: {principals: [cluster.local/ns/web/sa/other]}}]}]}");
        MeshSnapshot methods = mesh("{rules: [{to: [{operation: {methods: [GET]}}]}]}");

        assertThat(becomesDenied(outcome(mesh(), callers, connection))).isTrue();
        assertThat(becomesDenied(outcome(mesh(), methods, connection)))
                .as("it has no method")
                .isTrue();
        assertThat(outcome(
                        mesh(), mesh("{action: DENY, rules: [{to: [{operation: {ports: [\"9999\"]}}]}]}"), connection))
                .isEqualTo(new Replay.Outcome.Same());
        assertThat(outcome(mesh(), callers, connection.setType(RecordType.TCP_OPEN)))
                .as("its end tells it")
                .isEqualTo(new Replay.Outcome.Irrelevant());
    }

    @Test
    void rolesOfIstio11AreReplayedAndSayWhatTheyMiss() {
        String roles = """
                ---
                apiVersion: rbac.istio.io/v1alpha1
                kind: ClusterRbacConfig
                metadata: {name: default}
                spec: {mode: 'ON'}
                ---
                apiVersion: rbac.istio.io/v1alpha1
                kind: ServiceRole
                metadata: {name: readers, namespace: shop}
                spec: {rules: [{services: ["*"], methods: [GET]%s}]}
                ---
                apiVersion: rbac.istio.io/v1alpha1
                kind: ServiceRoleBinding
                metadata: {name: readers, namespace: shop}
                spec: {subjects: [{user: cluster.local/ns/web/sa/ui}], roleRef: {kind: ServiceRole, name: readers}}
                """;
        MeshSnapshot then = folder(roles.formatted(""));
        assertThat(outcome(mesh(), then, record("GET", "/"))).isEqualTo(new Replay.Outcome.Same());
        assertThat(becomesDenied(outcome(mesh(), then, record("DELETE", "/")))).isTrue();

        MeshSnapshot constrained =
                folder(roles.formatted(", constraints: [{key: 'request.headers[x-user]', values: [jane]}]"));
        assertThat(outcome(mesh(), constrained, record("GET", "/")))
                .isEqualTo(new Replay.Outcome.Undecided("records do not have request.headers[x-user]"));
        assertThat(becomesDenied(outcome(mesh(), constrained, record("DELETE", "/"))))
                .as("whatever the header is")
                .isTrue();
    }

    @Test
    void anAuditChangesNoVerdictAndNobodyGuessesWhatAnAuthorizerWouldSay() {
        assertThat(outcome(mesh(), mesh("{action: AUDIT, rules: [{}]}"), record("GET", "/")))
                .isEqualTo(new Replay.Outcome.Same());
        String provider = """
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |
                    extensionProviders:
                    - name: judge
                      envoyExtAuthzGrpc: {service: cart.shop.svc.cluster.local, port: 80}
                """;
        MeshSnapshot asks = folder(provider + """
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: ask, namespace: shop}
                spec: {action: CUSTOM, provider: {name: judge}, rules: [{to: [{operation: {methods: [PUT]}}]}]}
                """);
        assertThat(outcome(folder(provider), asks, record("PUT", "/")))
                .isEqualTo(new Replay.Outcome.Undecided("an authorizer outside has the last word"));
        assertThat(outcome(folder(provider), asks, record("GET", "/"))).isEqualTo(new Replay.Outcome.Same());
    }

    @Test
    void whatMayHaveBeenCutIsNotJudged() {
        MeshSnapshot then = mesh("{action: DENY, rules: [{to: [{operation: {paths: [\"*/secret\"]}}]}]}");
        assertThat(outcome(mesh(), then, record("GET", "/" + "a".repeat(511))))
                .isInstanceOf(Replay.Outcome.Undecided.class);
        assertThat(outcome(mesh(), then, record("GET", "/" + "a".repeat(500)))).isEqualTo(new Replay.Outcome.Same());
    }
}
