package io.flotilla.envoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Keys;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mesh that has a new trust domain while some of its proxies still have certificates of the old one. */
class TrustDomainMigrationTest {
    private static final String OLD = "old.example";
    private static final String NEW = "new.example";

    private final Keys keys = new Keys();

    /** Policies are written with the old name. */
    private static MeshSnapshot mesh(String config) {
        return MeshFiles.of(Deployments.of("client") + Deployments.of("server") + """
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: strict, namespace: istio-system}
                spec: {mtls: {mode: STRICT}}
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: client}
                spec:
                  selector: {matchLabels: {app: server}}
                  rules: [{from: [{source: {principals: [old.example/ns/default/sa/bookinfo-client]}}]}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: server}
                spec:
                  selector: {app: server}
                  clusterIP: 10.96.0.50
                  ports:
                  - {name: http, port: 80, targetPort: 8080}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |
                    %s
                """.formatted(config));
    }

    @Test
    void bothNamesReachEachOtherAllTheWayAndPoliciesOfTheOldNameHold() throws IOException {
        MeshSnapshot mesh = mesh("{trustDomain: new.example, trustDomainAliases: [old.example]}");
        String address = address(mesh);
        for (String serving : List.of(OLD, NEW)) {
            try (Workbench server = Workbench.start(mesh, Proxies.sidecar("server", "v1"), serving, keys)) {
                for (String calling : List.of(OLD, NEW)) {
                    try (Workbench client = Workbench.start(mesh, Proxies.sidecar("client", "v1"), calling, keys)) {
                        client.apps().named("server").forEach(app -> app.leadTo(() -> server.accept(to(address))));
                        Reply reply = client.send(client.get("server", 80, "/"));
                        assertThat(reply.status())
                                .as("%s calls %s", calling, serving)
                                .isEqualTo(200);
                        App.Request heard =
                                server.apps().at("127.0.0.1", 8080).requests().getLast();
                        assertThat(heard.headers().get("x-forwarded-client-cert"))
                                .contains("URI=spiffe://" + calling + "/ns/default/sa/bookinfo-client");
                    }
                    assertThat(status(server, "spiffe://" + calling + "/ns/default/sa/other"))
                            .as("somebody else of %s", calling)
                            .isEqualTo(403);
                }
            }
        }
    }

    @Test
    void withoutTheAliasTheOldNameIsAStranger() throws IOException {
        MeshSnapshot mesh = mesh("{trustDomain: new.example}");
        String address = address(mesh);
        try (Workbench server = Workbench.start(mesh, Proxies.sidecar("server", "v1"), OLD, keys);
                Workbench client = Workbench.start(mesh, Proxies.sidecar("client", "v1"), NEW, keys)) {
            client.apps().named("server").forEach(app -> app.leadTo(() -> server.accept(to(address))));
            assertThat(client.send(client.get("server", 80, "/")).status())
                    .as("the server is not whom the client expects")
                    .isEqualTo(503);
            assertThat(status(server, "spiffe://new.example/ns/default/sa/bookinfo-client"))
                    .as("the policy names somebody else")
                    .isEqualTo(403);
        }
    }

    private static int status(Workbench server, String spiffe) throws IOException {
        return server.receive(Call.get("server", 8080, "/"), spiffe).status();
    }

    private static Call.To to(String address) {
        return new Call.To(address, 8080, "", "10.44.0.7");
    }

    private static String address(MeshSnapshot mesh) {
        var service = mesh.service("server.default.svc.cluster.local", "default").stream()
                .findFirst()
                .orElseThrow();
        return mesh.endpoints(service, 80).getFirst().addresses().getFirst();
    }
}
