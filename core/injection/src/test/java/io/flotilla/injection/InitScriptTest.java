package io.flotilla.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.bootstrap.ControlPlane;
import io.flotilla.envoy.bootstrap.IdentityFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The init script, run by a real shell with real iptables in a network namespace of the test. */
class InitScriptTest {
    // A server that tells by which port connections came; a client that says who it is by a mark on its socket.
    private static final String SERVER = """
            import socketserver, sys, threading
            class Handler(socketserver.BaseRequestHandler):
                def handle(self):
                    self.request.sendall(str(self.server.server_address[1]).encode())
            for port in (15001, 15006, 15021, 9080):
                server = socketserver.ThreadingTCPServer(('0.0.0.0', port), Handler)
                threading.Thread(target=server.serve_forever, daemon=True).start()
            print('up', flush=True)
            sys.stdin.read()
            """;
    private static final String CLIENT = """
            import socket, sys
            s = socket.socket()
            s.settimeout(2)
            if sys.argv[3] != '0':
                s.setsockopt(socket.SOL_SOCKET, 36, int(sys.argv[3]))
            s.bind((sys.argv[4], 0))
            try:
                s.connect((sys.argv[1], int(sys.argv[2])))
                print(s.recv(9).decode())
            except OSError:
                print('no')
            """;

    @TempDir
    private Path directory;

    @BeforeAll
    static void needsIptablesAndPython() {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/iptables")) && Files.isExecutable(Path.of("/usr/bin/python3")),
                "needs iptables and python3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iptables-nft", "iptables-legacy"})
    void trafficIsRedirectedButForTheSidecarsOwn(String iptables) throws Exception {
        try (TestPod pod = TestPod.start()) {
            Map<String, String> environment = Map.of("IPTABLES", iptables);
            for (int round = 0; round < 2; round++) {
                TestPod.Output init = pod.runInit(pod(Map.of()), directory, environment);
                assertThat(init.status()).as(init.text()).isZero();
            }
            String rules = rules(pod, iptables);
            assertThat(rules.lines().filter(rule -> rule.contains("-A OUTPUT") || rule.contains("-A PREROUTING")))
                    .as("hooks after two runs")
                    .hasSize(2);
            Process server = pod.start(Map.of(), List.of("python3", "-c", SERVER));
            try {
                assertThat(server.getInputStream().readNBytes(3)).hasSize(3);
                assertThat(connect(pod, "10.98.7.6", 80, 0))
                        .as("call of another pod")
                        .isEqualTo("15001");
                assertThat(connect(pod, TestPod.ADDRESS, 9080, 0))
                        .as("call of itself")
                        .isEqualTo("9080");
                assertThat(connect(pod, "127.0.0.1", 9080, 0)).as("loopback").isEqualTo("9080");
                assertThat(connect(pod, "127.0.0.1", 9080, 1337))
                        .as("sidecar to application")
                        .isEqualTo("9080");
                assertThat(connect(pod, TestPod.ADDRESS, 9080, 1337))
                        .as("sidecar to its own service")
                        .isEqualTo("15006");
                assertThat(connect(pod, TestPod.ADDRESS, 9080, 0, "127.0.0.6"))
                        .as("the sidecar's probe of the application")
                        .isEqualTo("9080");
                assertThat(connect(pod, "10.98.7.6", 80, 1337))
                        .as("sidecar outwards")
                        .isEqualTo("no");
            } finally {
                server.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void annotationsNarrowTheCapture() throws Exception {
        Map<String, String> annotations = Map.of(
                "traffic.sidecar.istio.io/includeOutboundIPRanges", "10.0.0.0/8,fd00::/8",
                "traffic.sidecar.istio.io/excludeOutboundIPRanges", "10.1.0.0/16",
                "traffic.sidecar.istio.io/excludeOutboundPorts", "3306",
                "traffic.sidecar.istio.io/includeInboundPorts", "8080,9090",
                "traffic.sidecar.istio.io/excludeInterfaces", "eth9");
        try (TestPod pod = TestPod.start()) {
            TestPod.Output init = pod.runInit(pod(annotations), directory, Map.of());
            assertThat(init.status()).as(init.text()).isZero();
            assertThat(rules(pod, "iptables").lines())
                    .contains(
                            "-A ISTIO_OUTPUT -o eth9 -j RETURN",
                            "-A ISTIO_INBOUND -i eth9 -j RETURN",
                            "-A ISTIO_OUTPUT -d 10.1.0.0/16 -j RETURN",
                            "-A ISTIO_OUTPUT -p tcp -m tcp --dport 3306 -j RETURN",
                            "-A ISTIO_OUTPUT -d 10.0.0.0/8 -p tcp -j ISTIO_REDIRECT",
                            "-A ISTIO_INBOUND -p tcp -m tcp --dport 9090 -j ISTIO_IN_REDIRECT")
                    .doesNotContain(
                            "-A ISTIO_OUTPUT -p tcp -j ISTIO_REDIRECT", "-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT");
        }
    }

    @Test
    void excludedInboundPortsComeBeforeTheRest() throws Exception {
        try (TestPod pod = TestPod.start()) {
            pod.runInit(pod(Map.of("traffic.sidecar.istio.io/excludeInboundPorts", "22")), directory, Map.of());
            assertThat(rules(pod, "iptables").lines().filter(rule -> rule.startsWith("-A ISTIO_INBOUND")))
                    .containsExactly(
                            "-A ISTIO_INBOUND -p tcp -m tcp --dport 15020 -j RETURN",
                            "-A ISTIO_INBOUND -p tcp -m tcp --dport 15021 -j RETURN",
                            "-A ISTIO_INBOUND -p tcp -m tcp --dport 15090 -j RETURN",
                            "-A ISTIO_INBOUND -p tcp -m tcp --dport 22 -j RETURN",
                            "-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT");
        }
    }

    @Test
    void ipv6IsNoWayAroundTheSidecar() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/net/if_inet6")), "no IPv6 here");
        try (TestPod pod = TestPod.start()) {
            TestPod.Output init = pod.runInit(pod(Map.of()), directory, Map.of());
            assertThat(init.text()).isEmpty();
            assertThat(pod.run(Map.of(), List.of("ip6tables", "-S")).text().lines())
                    .contains(
                            "-A INPUT -p tcp -j ISTIO_INBOUND",
                            "-A ISTIO_INBOUND -i lo -j RETURN",
                            "-A ISTIO_INBOUND -p tcp -j REJECT --reject-with icmp6-port-unreachable");
        }
    }

    @Test
    void podWithAnIpv6AddressIsCapturedOnIt() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/net/if_inet6")), "no IPv6 here");
        try (TestPod pod = TestPod.start()) {
            TestPod.Output init =
                    pod.runInit(pod(Map.of()), directory, Map.of("POD_IPS", TestPod.ADDRESS + ",fd00::1"));
            assertThat(init.status()).as(init.text()).isZero();
            assertThat(rules(pod, "ip6tables").lines())
                    .contains(
                            "-A ISTIO_OUTPUT -s ::1/128 -o lo -j RETURN",
                            "-A ISTIO_OUTPUT -d ::1/128 -j RETURN",
                            "-A ISTIO_OUTPUT -p tcp -j ISTIO_REDIRECT",
                            "-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006");
            // The kubelet probes such a pod on whatever address it likes.
            assertThat(directory.resolve("envoy-rev0.json"))
                    .content()
                    .contains("\"address\":\"::\"", "\"ipv4_compat\":true")
                    .doesNotContain("\"address\":\"0.0.0.0\"");
        }
    }

    @Test
    void filesKnowThePod() throws Exception {
        try (TestPod pod = TestPod.start()) {
            TestPod.Output init = pod.runInit(
                    pod(Map.of("sidecar.istio.io/interceptionMode", "NONE")),
                    directory,
                    Map.of("LOCALITY", "eu/eu-1", "PATH", "/usr/bin:/bin"));
            assertThat(init.status()).as(init.text()).isZero();
            String bootstrap = Files.readString(directory.resolve("envoy-rev0.json"));
            assertThat(bootstrap)
                    .contains("sidecar~10.99.0.1~reviews-v1-0.default~default.svc.cluster.local")
                    .contains("\"address\":\"0.0.0.0\"")
                    // Envoy would not start.
                    .doesNotContain("\"ipv4_compat\":true")
                    .contains("\"region\":\"eu\",\"zone\":\"eu-1\",\"sub_zone\":\"\"")
                    .doesNotContainPattern("@[A-Z_]+@");
            assertThat(directory.resolve("token.yaml")).content().contains(directory + "/istio-token");
            assertThat(rules(pod, "iptables")).doesNotContain("ISTIO");
        }
    }

    @Test
    void valueThatCouldBreakOutOfTheBootstrapIsRefused() throws Exception {
        try (TestPod pod = TestPod.start()) {
            TestPod.Output init = pod.runInit(
                    pod(Map.of("sidecar.istio.io/interceptionMode", "NONE")),
                    directory,
                    Map.of("POD_NAME", "x\", \"admin\": {\""));
            assertThat(init.status()).isNotZero();
            assertThat(init.text()).contains("istio-init: POD_NAME has a character that is not allowed");
        }
    }

    private static String connect(TestPod pod, String host, int port, int mark)
            throws IOException, InterruptedException {
        return connect(pod, host, port, mark, "0.0.0.0");
    }

    private static String connect(TestPod pod, String host, int port, int mark, String source)
            throws IOException, InterruptedException {
        List<String> command =
                List.of("python3", "-c", CLIENT, host, Integer.toString(port), Integer.toString(mark), source);
        return pod.run(Map.of(), command).text().trim();
    }

    private static String rules(TestPod pod, String iptables) throws IOException, InterruptedException {
        return pod.run(Map.of(), List.of(iptables, "-t", "nat", "-S")).text();
    }

    private Map<String, Object> pod(Map<String, String> annotations) {
        String files = directory.toString();
        InjectionSettings settings = InjectionSettings.defaults()
                .withOwnTraffic(new OwnTraffic.Mark(1337))
                .withControlPlane(ControlPlane.in("istio-system", new IdentityFiles(files, files, files)));
        Map<String, Object> pod = Tree.of(
                "metadata",
                Tree.of("name", "reviews-v1-0", "annotations", new HashMap<String, Object>(annotations)),
                "spec",
                Tree.of("containers", List.of(Tree.of("name", "reviews"))));
        Injection injection =
                new SidecarInjector(settings).inject(pod, new PodContext("default", "reviews-v1", Map.of()));
        return ((Injection.Injected) injection).pod();
    }
}
