package io.flotilla.envoy.behaviour;

import static io.flotilla.envoy.behaviour.ConnectionsBehaviourTest.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes to a pod: behaviour/inbound.yaml, PERMISSIVE. */
class InboundBehaviourTest {
    private static final String POD = "10.44.0.9";
    private static final String CLIENT = "spiffe://cluster.local/ns/default/sa/client";
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        bench = Workbench.start(
                MeshFiles.files(Path.of("src/test/resources/behaviour/inbound.yaml")), Proxies.sidecar("self", "v1"));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    private static Call.To to(int port, String sni) {
        return new Call.To(POD, port, sni, "10.44.3.3");
    }

    private static App application(int port) {
        return bench.apps().at("127.0.0.1", port);
    }

    @ParameterizedTest
    @CsvSource({"8080", "8081", "7000"})
    void requestsArriveInPlaintextAndOverMeshTls(int port) throws IOException {
        Call call = Call.get("self", port, "/x").to(POD);
        Reply plain = bench.checkedReceipt(call);
        assertThat(plain.app()).isEqualTo("127.0.0.1:" + port);
        assertThat(plain.seenHeaders()).doesNotContainKey("x-forwarded-client-cert");
        Reply mesh = bench.checkedReceipt(call, CLIENT);
        assertThat(mesh.app()).isEqualTo("127.0.0.1:" + port);
        assertThat(mesh.seenHeaders().get("x-forwarded-client-cert")).contains("URI=" + CLIENT);
        assertThat(mesh.logged().cluster()).isEqualTo("inbound|" + port + "||");
    }

    @ParameterizedTest
    @ValueSource(ints = {3306, 9000, 7000, 8443})
    void connectionsArriveInPlaintextInOwnTlsAndOverMeshTls(int port) throws IOException {
        assertThat(bench.toldToPod(connection(POD, port).from("10.44.3.3"), "hello"))
                .isEqualTo("127.0.0.1:" + port + " heard hello");
        assertThat(bench.toldToPod(connection(POD, port).from("10.44.3.3").tls("own.test"), "hello"))
                .isEqualTo("127.0.0.1:" + port + " heard hello as own.test");
        assertThat(bench.toldToPod(connection(POD, port).from("10.44.3.3"), CLIENT, "hello"))
                .isEqualTo("127.0.0.1:" + port + " heard hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {3306, 9000, 7000})
    void theServerMaySpeakFirst(int port) throws IOException {
        App server = application(port);
        server.greet("welcome");
        try {
            assertThat(bench.toldToPod(connection(POD, port).from("10.44.3.3"), ""))
                    .isEqualTo("welcome");
            assertThat(bench.toldToPod(connection(POD, port).from("10.44.3.3"), CLIENT, ""))
                    .isEqualTo("welcome");
        } finally {
            server.greet("");
        }
    }

    @Test
    void aPortThatNoServiceHasIsPassedOn() throws IOException {
        App hidden = App.alone("hidden", "127.0.0.1", bench.keys());
        try (hidden) {
            Call there = connection("127.0.0.1", hidden.port()).from("10.44.3.3");
            assertThat(bench.toldToPod(there, "hello")).isEqualTo("hidden heard hello");
        }
    }

    @Test
    void aPodThatCallsItsOwnServiceIsCalledAsByAnybody() throws IOException {
        bench.apps().named("self-v1").forEach(own -> own.leadTo(() -> bench.accept(to(8080, ""))));
        Reply reply = bench.checked(bench.get("self", 80, "/own"));
        assertThat(reply.app()).as(reply.toString()).isEqualTo("127.0.0.1:8080");
        assertThat(reply.seenHeaders().get("x-forwarded-client-cert"))
                .contains("URI=spiffe://cluster.local/ns/default/sa/bookinfo-self");
    }
}
