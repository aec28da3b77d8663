package io.flotilla.envoy.behaviour;

import static io.flotilla.envoy.behaviour.ConnectionsBehaviourTest.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What EnvoyFilters do to requests and connections: behaviour/patches.yaml. */
class PatchesBehaviourTest {
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        bench = Workbench.start(
                MeshFiles.files(Path.of("src/test/resources/behaviour/patches.yaml")), Proxies.sidecar("client", "v1"));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    private static Reply answered(String host, String path) throws IOException {
        return bench.checked(bench.get(host, 80, path));
    }

    @Test
    void httpFiltersStandWhereThePatchesPutThem() throws IOException {
        Reply reply = answered("web.test", "/");
        assertThat(reply.seenHeaders().get("x-way"))
                .as(reply.toString())
                .isEqualTo("first,before,after,added,new,one,two,discovered");
        assertThat(reply.headers().get("via")).as("a network filter is merged").isEqualTo("patched");
    }

    @Test
    void aFilterThatIsTakenAwayDoesNothing() throws IOException {
        assertThat(answered("web.test", "/faulty").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "web.test, /inserted, 203",
        "web.test, /inserted/x, 205",
        "web.test, /before, 204",
        "web.test, /dropped, 200",
        "web.test, /merged, 200",
        "cut.test, /, 502",
        "added.test, /, 200",
        "added.test, /gone, 503",
        "added.test, /full, 503",
    })
    void routesHostsAndClustersComeAndGo(String host, String path, int status) throws IOException {
        Call call = bench.get(host, 80, path);
        Reply reply = path.equals("/full") || path.equals("/gone") ? bench.send(call) : bench.checked(call);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
        assertThat(reply.headers().containsKey("x-route")).isEqualTo(path.equals("/merged"));
        assertThat(reply.headers().containsKey("x-host")).isEqualTo(host.equals("web.test"));
        assertThat(reply.headers()).containsEntry("x-table", "1");
        switch (path) {
            case "/gone" -> assertThat(reply.logged().flags()).isEqualTo("NC");
            case "/full" -> assertThat(reply.logged().flags()).isEqualTo("UO");
            default ->
                assertThat(reply.app())
                        .isEqualTo(status != 200 ? "" : host.equals("added.test") ? "10.90.0.9:80" : "10.90.0.1:80");
        }
    }

    @Test
    void aClusterIsCountedUnderItsNewName() throws IOException {
        long before = bench.stat("cluster.renamed.upstream_rq_total");
        assertThat(answered("web.test", "/").status()).isEqualTo(200);
        assertThat(bench.stat("cluster.renamed.upstream_rq_total")).isEqualTo(before + 1);
    }

    private static String line(Socket socket) throws IOException {
        try (socket) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            String heard = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return heard == null ? "" : heard;
        } catch (SocketException e) {
            return "";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "9001, 10.44.0.9, ''",
        "9002, 10.44.0.9, replaced",
        "9003, 10.44.0.9, 10.90.0.9:80 heard hello",
        "9004, 10.44.0.9, ''",
        "9005, 10.44.7.9, chained",
        "9005, 10.44.0.9, 10.91.1.1:9005 heard hello",
        "9006, 10.44.0.9, ''",
        "9007, 10.44.0.9, 10.91.1.1:9007 heard hello",
        // Who is asked last has the last word, and that is the class AUTHZ, though its patch came first.
        "9009, 10.44.0.9, 10.90.0.9:80 heard hello",
    })
    void connectionsMeetThePatchedListener(int port, String source, String heard) throws IOException {
        assertThat(line(bench.connect(connection("10.91.0.1", port).from(source).to())))
                .isEqualTo(heard);
    }

    @Test
    void aManagerThatAPatchBringsRefusesOldHttpAndUpgrades() throws IOException {
        Call call = Call.get("web.test", 9008, "/").to("10.91.0.1");
        assertThat(bench.checked(call).status()).isEqualTo(200);
        assertThat(bench.checked(call.old()).status()).isEqualTo(426);
        Call socket = call.with("connection", "Upgrade").with("upgrade", "websocket");
        assertThat(bench.checked(socket).status()).isEqualTo(403);
    }

    @Test
    void aListenerIsAddedAndOneHasAnotherName() throws Exception {
        assertThat(line(bench.edge(7777))).isEqualTo("listening");
        line(bench.connect(connection("10.91.0.1", 9007).to()));
        assertThat(bench.admin("/stats?filter=listener.patched.downstream_cx_total"))
                .containsPattern("downstream_cx_total: [1-9]");
    }
}
