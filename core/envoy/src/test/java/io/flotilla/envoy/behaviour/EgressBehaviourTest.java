package io.flotilla.envoy.behaviour;

import static io.flotilla.envoy.behaviour.ConnectionsBehaviourTest.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Keys;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sidecar, an egress gateway and servers outside that speak TLS: behaviour/egress.yaml. */
class EgressBehaviourTest {
    private static final String GATEWAY = "istio-egressgateway-0";
    private static Workbench sidecar;
    private static Workbench gateway;
    private static App asked;

    @BeforeAll
    static void start(@TempDir Path scratch) throws IOException {
        Keys keys = new Keys();
        asked = App.alone("asked", "127.0.0.1", keys);
        Path roots = Files.writeString(scratch.resolve("roots.pem"), keys.rootPem());
        MeshSnapshot mesh = MeshFiles.of(Files.readString(Path.of("src/test/resources/behaviour/egress.yaml"))
                .replace("ROOTS", roots.toString())
                .replace("ASKED_PORT", Integer.toString(asked.port())));
        sidecar = Workbench.start(mesh, Proxies.sidecar("client", "v1"), keys);
        gateway = sidecar.beside(Proxies.view(Proxies.node(
                "router~10.44.0.6~" + GATEWAY + ".istio-system~istio-system.svc.cluster.local",
                "egress",
                Map.of("istio", "egressgateway", "app", "istio-egressgateway"))));
        sidecar.leadTo("istio-egressgateway.istio-system.svc.cluster.local", 8443, gateway);
        sidecar.leadTo("istio-egressgateway.istio-system.svc.cluster.local", 15443, gateway);
    }

    @AfterAll
    static void stop() throws IOException {
        if (gateway != null) {
            gateway.close();
        }
        if (sidecar != null) {
            sidecar.close();
        }
        if (asked != null) {
            asked.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "simple.example.com, simple.example.com, ''",
        "mutual.example.com, other.example.com, spiffe://cluster.local/ns/istio-system/sa/egress",
    })
    void theGatewayStartsTls(String host, String sni, String peer) throws IOException {
        Reply reply = sidecar.checked(sidecar.get(host, 80, "/x"));
        assertThat(reply.app()).as(reply.toString()).isEqualTo(host + ":443");
        assertThat(reply.seenLine()).isEqualTo("GET /x HTTP/1.1");
        assertThat(reply.seenHeaders()).containsEntry("host", host).containsEntry("sni", sni);
        assertThat(reply.seenHeaders()).containsEntry("peer", peer);
        assertThat(reply.logged().route()).isEqualTo("to-gateway");
        assertThat(gateway.lastTo("outbound|80||" + host).route()).isEqualTo("to-outside");
    }

    @Test
    void theSidecarStartsTlsItself() throws IOException {
        Reply reply = sidecar.checked(sidecar.get("direct.example.com", 80, "/x"));
        assertThat(reply.app()).as(reply.toString()).isEqualTo("direct.example.com:443");
        assertThat(reply.seenHeaders()).containsEntry("sni", "direct.example.com");
    }

    @Test
    void theSidecarShowsTheCredentialOfARuleThatSelectsIt() throws IOException {
        Reply reply = sidecar.checked(sidecar.get("selected.example.com", 80, "/x"));
        assertThat(reply.app()).as(reply.toString()).isEqualTo("selected.example.com:443");
        assertThat(reply.seenHeaders())
                .containsEntry("sni", "selected.example.com")
                .containsEntry("peer", "spiffe://cluster.local/ns/default/sa/bookinfo-client");
        assertThat(sidecar.send(sidecar.get("everybody.example.com", 80, "/x")).status())
                .as("nobody serves it to all of them")
                .isEqualTo(503);
    }

    @Test
    void aServerIsCheckedByItsAuthoritiesAndItsName() throws IOException {
        assertThat(sidecar.send(sidecar.get("public.example.com", 80, "/x")).status())
                .as("its CA is none of those that the machine trusts")
                .isEqualTo(503);
        assertThat(sidecar.send(sidecar.get("direct.example.org", 80, "/x")).status())
                .as("its certificate is for another name")
                .isEqualTo(503);
        Reply unchecked = sidecar.checked(sidecar.get("unchecked.example.org", 80, "/x"));
        assertThat(unchecked.app()).as(unchecked.toString()).isEqualTo("unchecked.example.org:443");
        assertThat(unchecked.seenHeaders()).containsEntry("sni", "unchecked.example.org");
    }

    @Test
    void theApplicationsOwnTlsPassesThroughTheGateway() throws IOException {
        assertThat(sidecar.told(connection("240.0.0.3", 443).tls("tls.example.com"), "hello"))
                .isEqualTo("tls.example.com:443 heard hello as tls.example.com");
        assertThat(gateway.lastTo("outbound|443||tls.example.com").chain()).startsWith("passthrough_");
    }

    @Test
    void theGatewayLooksUpNamesOfAWildcard() throws IOException {
        assertThat(sidecar.told(connection("240.0.0.4", asked.port()).tls("any.localhost"), "hello"))
                .isEqualTo("asked heard hello as any.localhost");
        assertThat(gateway.lastTo("outbound|" + asked.port() + "||*.localhost").chain())
                .startsWith("passthrough_");
    }
}
