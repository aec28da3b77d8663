package io.flotilla.envoy.behaviour;

import static io.flotilla.envoy.behaviour.ConnectionsBehaviourTest.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Keys;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the mesh's services are: behaviour/registry.yaml. */
class RegistryBehaviourTest {
    private static final String HERE = "127.0.0.1";
    // An address at which nothing answers.
    private static final String NOBODY = "127.9.9.9";
    private static App http;
    private static App tcp;
    private static App tls;
    private static App unknown;
    private static App db;
    private static Workbench bench;
    private static Workbench strict;
    private static Workbench looking;

    static final String SIDECAR = """
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: default, namespace: default}
            spec: {egress: [{hosts: [./*, other/told.test, other/hidden.test]}]}
            """;

    @BeforeAll
    static void start(@TempDir Path scratch) throws IOException {
        Keys keys = new Keys();
        http = App.alone("asked-http", HERE, keys);
        tcp = App.alone("asked-tcp", HERE, keys);
        tls = App.alone("asked-tls", HERE, keys);
        unknown = App.alone("asked-unknown", HERE, keys);
        db = App.alone("db-elsewhere", HERE, keys);
        String yaml = Files.readString(Path.of("src/test/resources/behaviour/registry.yaml"))
                .replace("HTTP_PORT", Integer.toString(http.port()))
                .replace("TCP_PORT", Integer.toString(tcp.port()))
                .replace("DB_PORT", Integer.toString(db.port()))
                .replace("TLS_PORT", Integer.toString(tls.port()));
        bench = Workbench.start(MeshFiles.of(yaml), Proxies.sidecar("client", "v1"), keys);
        Path roots = Files.writeString(scratch.resolve("roots.pem"), keys.rootPem());
        strict = Workbench.start(
                MeshFiles.of(yaml + policy("{mode: REGISTRY_ONLY}") + SIDECAR), Proxies.sidecar("client", "v1"), keys);
        looking = Workbench.start(
                MeshFiles.of(yaml
                        + policy("{mode: ALLOW_ANY_DYNAMIC_DNS, tls: {mode: SIMPLE, caCertificates: " + roots + "}}")),
                Proxies.sidecar("client", "v1"),
                keys);
    }

    static String policy(String outbound) {
        return """
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "outboundTrafficPolicy: %s"}
                """.formatted(outbound);
    }

    @AfterAll
    static void stop() throws IOException {
        for (AutoCloseable each : new AutoCloseable[] {bench, strict, looking, http, tcp, tls, unknown, db}) {
            if (each instanceof Workbench open) {
                open.close();
            } else if (each instanceof App app) {
                app.close();
            }
        }
    }

    private static Set<String> answering(Workbench bench, Call call) throws IOException {
        Set<String> apps = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            Reply reply = bench.checked(call);
            assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
            apps.add(reply.app());
        }
        return apps;
    }

    @ParameterizedTest
    @CsvSource({
        "dns.test, 80, one.example.com:80 two.example.com:80",
        "itself.test, 80, itself.test:80",
        "round.test, 80, round.example.com:8080",
        "static.test, 80, 10.70.0.1:7070 10.70.0.2:80",
        "static.test, 81, 10.70.0.1:8081 10.70.0.2:8081",
        "alias, 80, real.example.com:80",
        "alias.default, 80, real.example.com:80",
        "selecting.test, 80, headless-0 headless-1",
        "node, 80, 192.168.5.1:8081 192.168.5.1:8082",
        "told.test, 80, 10.73.0.2:80 10.73.0.3:80",
    })
    void hostsAreServedByTheirEndpoints(String host, int port, String apps) throws IOException {
        Call call = bench.get(host, port, "/").with("x-user", "one");
        assertThat(answering(bench, call)).containsExactly(apps.split(" "));
        assertThat(answering(strict, call)).containsExactly(apps.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "headless",
                "headless-1.headless.default.svc.cluster.local",
                "headless-0.headless.default",
                "none.test",
                "any.wild.test",
                "passed.test"
            })
    void requestsGoToTheAddressThatTheCallerChose(String host) throws IOException {
        for (Workbench each : new Workbench[] {bench, strict}) {
            Reply reply = each.checked(Call.get(host, http.port(), "/").to(HERE));
            assertThat(reply.app()).as(reply.toString()).isEqualTo("asked-http");
            assertThat(reply.logged().cluster()).startsWith("outbound|" + http.port() + "||");
        }
    }

    @Test
    void connectionsGoToTheAddressThatTheCallerChose() throws IOException {
        for (Workbench each : new Workbench[] {bench, strict}) {
            assertThat(each.told(connection(HERE, tcp.port()), "hello")).isEqualTo("asked-tcp heard hello");
            assertThat(each.told(connection(HERE, tls.port()).tls("any.wild.test"), "hello"))
                    .isEqualTo("asked-tls heard hello as any.wild.test");
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.2, first-db", "127.0.0.3, first-db", "127.0.0.4, second-db"})
    void ofHeadlessServicesWithOnePortTheOneIsMeantWhosePodIsCalled(String pod, String service) throws IOException {
        try (App app = App.alone(pod, pod, db.port(), bench.keys())) {
            assertThat(bench.told(connection(pod, db.port()), "hello")).isEqualTo(app.name() + " heard hello");
        }
        bench.lastTo("outbound|" + db.port() + "||" + service + ".default.svc.cluster.local");
    }

    @Test
    void aPodOfNoHeadlessServiceIsNotTakenForOne() throws IOException {
        assertThat(bench.told(connection(HERE, db.port()), "hello")).isEqualTo("db-elsewhere heard hello");
        assertThat(strict.told(connection(HERE, db.port()), "hello")).isEmpty();
    }

    @Test
    void aNameOfTheServiceInTlsIsEnough() throws IOException {
        assertThat(strict.told(connection("240.0.0.8", 443).tls("itself.test"), "hello"))
                .isEqualTo("itself.test:443 heard hello as itself.test");
        assertThat(strict.told(connection("240.0.0.8", 443).tls("alias.default.svc.cluster.local"), "hello"))
                .isEqualTo("real.example.com:443 heard hello as alias.default.svc.cluster.local");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.71.0.9", "10.71.200.1", "10.72.0.5"})
    void addressesAndRangesAreServed(String address) throws IOException {
        assertThat(strict.told(connection(address, 9000), "hello")).isEqualTo("10.71.0.1:9000 heard hello");
    }

    @Test
    void whatTheMeshDoesNotKnowPassesOrNot() throws IOException {
        Call request = Call.get("unknown.test", http.port(), "/").to(HERE);
        Reply passed = bench.checked(request);
        assertThat(passed.app()).isEqualTo("asked-http");
        assertThat(passed.logged().cluster()).isEqualTo("PassthroughCluster");
        assertThat(strict.checked(request).status()).isEqualTo(502);

        Call connection = connection(HERE, unknown.port());
        assertThat(bench.told(connection, "hello")).isEqualTo("asked-unknown heard hello");
        assertThat(strict.told(connection, "hello")).isEmpty();
        assertThat(strict.told(connection("10.72.0.6", 9000), "hello")).isEmpty();
        assertThat(bench.told(connection(HERE, tls.port()).tls("unknown.test"), "hello"))
                .isEqualTo("asked-tls heard hello as unknown.test");
        assertThat(strict.told(connection(HERE, tls.port()).tls("unknown.test"), "hello"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"any.localhost", "a.deeper.localhost", "renamed.test"})
    void namesOfAWildcardAreLookedUpAsTheyAreAskedFor(String host) throws IOException {
        for (Workbench each : new Workbench[] {bench, strict}) {
            Reply reply = each.checked(
                    Call.get(host + ":" + http.port(), http.port(), "/").to(NOBODY));
            assertThat(reply.app()).as(reply.toString()).isEqualTo("asked-http");
            assertThat(reply.logged().cluster()).isEqualTo("outbound|" + http.port() + "||*.localhost");
        }
    }

    @Test
    void namesInTlsAreLookedUpAsTheyAreAskedFor() throws IOException {
        for (Workbench each : new Workbench[] {bench, strict}) {
            assertThat(each.told(connection(NOBODY, tls.port()).tls("any.localhost"), "hello"))
                    .isEqualTo("asked-tls heard hello as any.localhost");
        }
        assertThat(strict.told(connection(NOBODY, tls.port()).tls("localhost"), "hello"))
                .isEmpty();
    }

    @Test
    void hostsThatTheMeshDoesNotKnowAreLookedUpAndCalledByTls() throws IOException {
        Reply reply = looking.checked(
                Call.get("localhost:" + unknown.port(), http.port(), "/").to(NOBODY));
        assertThat(reply.app()).as(reply.toString()).isEqualTo("asked-unknown");
        assertThat(reply.seenHeaders()).containsEntry("sni", "localhost");
        assertThat(reply.logged().cluster()).isEqualTo("AllowAnyDynamicDNSCluster");
        // Its certificate is for other names.
        Reply refused = looking.checked(
                Call.get("127.0.0.1:" + unknown.port(), http.port(), "/").to(NOBODY));
        assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
        assertThat(looking.told(connection(HERE, unknown.port()), "hello")).isEqualTo("asked-unknown heard hello");
    }

    @Test
    void whatIsNotExportedIsUnknown() throws IOException {
        assertThat(strict.checked(strict.get("hidden.test", 80, "/")).status()).isEqualTo(502);
    }

    @Test
    void whatASidecarDoesNotImportIsUnknown() throws IOException {
        assertThat(bench.checked(bench.get("elsewhere.test", 80, "/")).app()).isEqualTo("10.70.9.1:80");
        assertThat(strict.checked(strict.get("elsewhere.test", 80, "/")).status())
                .isEqualTo(502);
    }
}
