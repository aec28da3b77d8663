package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of TLS and TCP: behaviour/connections.yaml. */
class ConnectionsBehaviourTest {
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        bench = Workbench.start(
                MeshFiles.files(Path.of("src/test/resources/behaviour/connections.yaml")),
                Proxies.sidecar("client", "v1"));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    static Call connection(String address, int port) {
        return Call.get("", port, "").method("").to(address);
    }

    @ParameterizedTest
    @CsvSource({
        "443, one.tls.test, 10.61.1.1:443",
        "8443, one.tls.test, 10.61.1.3:443",
        "443, plain.tls.test, 10.61.1.9:443",
        "443, x.wide.tls.test, 10.61.1.1:443",
        "443, y.wide.tls.test, 10.61.1.1:443",
        "8443, x.wide.tls.test, 10.61.1.9:8443",
        "443, caller.tls.test, 10.61.1.2:443",
        "8443, caller.tls.test, 10.61.1.9:8443",
    })
    void tlsGoesByItsServerName(int port, String name, String app) throws IOException {
        assertThat(bench.told(connection("240.0.0.9", port).tls(name), "hello"))
                .isEqualTo(app + " heard hello as " + name);
    }

    @Test
    void tlsIsSplitByWeight() throws IOException {
        Map<String, Integer> answered = new TreeMap<>();
        for (int i = 0; i < 24; i++) {
            String heard = bench.told(connection("240.0.0.9", 443).tls("z.wide.tls.test"), "hello");
            answered.merge(heard.replaceAll(" .*", ""), 1, Integer::sum);
        }
        // Of 24 at a half, fewer than 2 or more than 22 come about once in a million runs.
        assertThat(answered).containsOnlyKeys("10.61.1.2:443", "10.61.1.3:443");
        assertThat(answered.get("10.61.1.2:443")).isBetween(2, 22);
    }

    @ParameterizedTest
    @CsvSource({
        "10.62.0.1, 9000, 10.44.0.9, 10.61.1.1:9000",
        "10.62.0.1, 9002, 10.44.0.9, 10.62.1.1:9002",
        "10.63.7.7, 9100, 10.44.0.9, 10.63.0.1:9100",
        "10.63.1.9, 9100, 10.44.0.9, 10.61.1.1:9000",
        "10.63.1.2, 9100, 10.44.0.9, 10.61.1.2:9000",
        "10.64.0.1, 9000, 10.44.0.9, 10.61.1.1:9000",
        "10.64.0.1, 9000, 10.44.7.9, 10.61.1.2:9000",
        "10.64.0.1, 9001, 10.44.7.9, 10.64.1.1:9001",
        "10.65.0.1, 9000, 10.44.0.9, 10.65.1.1:9000",
        "10.61.0.1, 9000, 10.44.0.9, 10.61.1.1:9000",
    })
    void tcpGoesByPortAddressAndCaller(String address, int port, String source, String app) throws IOException {
        assertThat(bench.told(connection(address, port).from(source), "hello")).isEqualTo(app + " heard hello");
    }

    @Test
    void tcpIsSplitByWeight() throws IOException {
        Map<String, Integer> answered = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            String heard = bench.told(connection("10.62.0.1", 9001), "hello");
            answered.merge(heard.replaceAll(" .*", ""), 1, Integer::sum);
        }
        // Of 60 at 30 percent, fewer than 3 or more than 36 come less than once in a million runs.
        assertThat(answered).containsOnlyKeys("10.61.1.2:9000", "10.61.1.3:9000");
        assertThat(answered.get("10.61.1.3:9000")).isBetween(3, 36);
    }

    @Test
    void aRuleForOthersLeavesWhatWasThereWithoutIt() throws IOException {
        assertThat(bench.checked(bench.get("untouched.test", 80, "/")).app()).isEqualTo("10.65.1.1:80");
        assertThat(bench.told(connection("10.65.0.1", 443).tls("untouched.test"), "hello"))
                .isEqualTo("10.65.1.1:443 heard hello as untouched.test");
    }
}
