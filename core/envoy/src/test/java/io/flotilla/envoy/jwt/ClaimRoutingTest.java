package io.flotilla.envoy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;

/** A gateway's routes by what a checked token says, with a real Envoy. */
class ClaimRoutingTest {
    private static final Path SERVER =
            Path.of(System.getProperty("flotilla.root"), "core/envoy/src/test/resources/authz/server.yaml");

    private static final String OBJECTS = """
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: users, namespace: istio-system}
            spec:
              jwtRules:
              - {issuer: "https://a.example", jwks: '%s'}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: istio-system}
            spec:
              selector: {istio: ingressgateway}
              servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.test]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop, namespace: default}
            spec:
              hosts: [shop.test]
              gateways: [istio-system/edge]
              http:
              - match: [{headers: {"@request.auth.claims.groups": {exact: staff}}}]
                directResponse: {status: 201}
              - match: [{headers: {"@request.auth.claims[deep][er]": {prefix: do}}}]
                directResponse: {status: 202}
              - match: [{headers: {"@request.auth.claims.team": {}}, withoutHeaders: {"@request.auth.claims.team": {exact: red}}}]
                directResponse: {status: 203}
              - directResponse: {status: 404}
            """;

    @Test
    void routesGoByClaimsOfGoodTokensAlone() throws IOException, GeneralSecurityException {
        Issuer issuer = new Issuer("a");
        try (Workbench bench =
                Workbench.start(MeshFiles.of(OBJECTS.formatted(issuer.jwks()), SERVER), Proxies.ingress())) {
            assertThat(status(bench, issuer.token(claims("\"groups\":\"staff\""))))
                    .isEqualTo(201);
            assertThat(status(bench, issuer.token(claims("\"groups\":[\"night\",\"staff\"]"))))
                    .isEqualTo(201);
            assertThat(status(bench, issuer.token(claims("\"deep\":{\"er\":\"down\"}"))))
                    .isEqualTo(202);
            assertThat(status(bench, issuer.token(claims("\"team\":\"blue\"")))).isEqualTo(203);
            assertThat(status(bench, issuer.token(claims("\"team\":\"red\"")))).isEqualTo(404);
            assertThat(status(bench, issuer.token(claims("\"groups\":\"staffers\""))))
                    .isEqualTo(404);
            assertThat(bench.enter(call()).status()).as("no token").isEqualTo(404);
            assertThat(bench.enter(call().with("@request.auth.claims.groups", "staff"))
                            .status())
                    .as("a client's header is no claim")
                    .isNotEqualTo(201);
            assertThat(status(bench, new Issuer("a").token(claims("\"groups\":\"staff\""))))
                    .as("somebody else's token")
                    .isEqualTo(401);
        }
    }

    private static Call call() {
        return Call.get("shop.test", 80, "/");
    }

    private static int status(Workbench bench, String token) throws IOException {
        return bench.enter(call().with("authorization", "Bearer " + token)).status();
    }

    private static String claims(String more) {
        return "{\"iss\":\"https://a.example\",\"sub\":\"jane\",\"exp\":4102444800," + more + "}";
    }
}
