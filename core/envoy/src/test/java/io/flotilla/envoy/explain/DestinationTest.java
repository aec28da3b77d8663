package io.flotilla.envoy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Config;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationTest {
    private static final String MESH = """
            apiVersion: v1
            kind: Service
            metadata: {name: ratings, namespace: default}
            spec: {clusterIP: 10.96.0.1, selector: {app: ratings}, ports: [{name: http, port: 9080}, {name: tcp, port: 90}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: secret, namespace: far, annotations: {networking.istio.io/exportTo: "."}}
            spec: {clusterIP: 10.96.0.2, selector: {app: secret}, ports: [{name: http, port: 80}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: wild, namespace: default}
            spec: {hosts: ["*.wild.example.com"], ports: [{number: 80, name: http, protocol: HTTP}], resolution: NONE}
            ---
            """;
    private static final String SIDECAR = """
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: narrow, namespace: default}
            spec: {egress: [{hosts: [far/*]}]}
            """;

    private static Destination of(String mesh, String address, int port, String host) {
        return Destination.of(
                MeshFiles.of(mesh),
                Proxies.sidecar("client", "v1"),
                new Call(new Call.To(address, port, "", "10.44.0.9"), "GET", host, "/", Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.96.0.1 | 9080 | ratings | , the address of ratings.default.svc.cluster.local",
                "10.96.0.1 | 9081 | ratings | , the address of ratings.default.svc.cluster.local, which has no port 9081,"
                        + " only 90 (tcp), 9080 (http)",
                "192.0.2.1 | 80 | a.wild.example.com:80 | , where *.wild.example.com",
                "192.0.2.1 | 80 | secret.far.svc.cluster.local | , and secret.far.svc.cluster.local is exported to far only",
                "192.0.2.1 | 80 | rating | , and no Service or ServiceEntry is called rating.default.svc.cluster.local, did"
                        + " you mean \"ratings.default.svc.cluster.local\"?",
                "192.0.2.1 | 80 | pay.example.org | , and no Service or ServiceEntry is called pay.example.org",
                "192.0.2.1 | 80 | 192.0.2.1:80 | , an address that nothing in the mesh has"
            })
    void saysWhatIsThereOrWhyNothingIs(String address, int port, String host, String text) {
        assertThat(of(MESH, address, port, host).text()).isEqualTo(text);
    }

    @Test
    void namesTheSidecarThatKeepsAServiceAway() {
        Destination kept = of(MESH + SIDECAR, "10.96.0.1", 9080, "ratings");

        assertThat(kept.text()).endsWith("ratings.default.svc.cluster.local, which the Sidecar does not import");
        assertThat(kept.sidecar().map(Config::name)).contains("narrow");
    }
}
