package io.flotilla.envoy.behaviour;

import static io.flotilla.envoy.behaviour.ConnectionsBehaviourTest.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Capture;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.mesh.RealEnvoy;
import io.flotilla.envoy.mesh.StaticBootstrap;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** IPv4, IPv6 and both: behaviour/families.yaml. */
class FamiliesBehaviourTest {
    private static MeshSnapshot mesh;
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        mesh = MeshFiles.files(Path.of("src/test/resources/behaviour/families.yaml"));
        bench = Workbench.start(mesh, view(Families.BOTH));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    private static ProxyView view(Families families) {
        ProxyView view = Proxies.sidecar("client", "v1");
        return new ProxyView(view.role(), view.workload(), "", new Capture.Redirect(families), "");
    }

    @ParameterizedTest
    @CsvSource({
        "both, 10.96.13.1, both-0, default",
        "both, fd00:96::1, both-0, default",
        "[fd00:96::1], fd00:96::1, both-0, default",
        "six.test, fd00:97::1, fd00:44::6:80, six",
        "six.test, 10.96.13.1, fd00:44::6:80, six",
    })
    void requestsAreRoutedWhateverTheFamily(String host, String address, String app, String route) throws IOException {
        String source = Families.isV6(address) ? "fd00:44::9" : "10.44.0.9";
        Reply reply = bench.checked(Call.get(host, 80, "/").to(address).from(source));
        assertThat(reply.app()).as(reply.toString()).isEqualTo(app);
        assertThat(reply.logged().route()).isEqualTo(route);
    }

    @ParameterizedTest
    @CsvSource({
        "10.96.13.1, 9000, both-0",
        "fd00:96::1, 9000, both-0",
        "fd00:97::1, 9001, fd00:44::6:9001",
        "fd00:98::77, 9001, fd00:44::6:9001",
    })
    void connectionsAreServedWhateverTheFamily(String address, int port, String app) throws IOException {
        String source = Families.isV6(address) ? "fd00:44::9" : "10.44.0.9";
        assertThat(bench.told(connection(address, port).from(source), "hello")).isEqualTo(app + " heard hello");
    }

    @Test
    void whatTheMeshDoesNotKnowPassesInIpv6Too() throws IOException {
        try (App app = App.alone("six", "::1", bench.keys())) {
            assertThat(bench.told(connection("::1", app.port()).from("::1"), "hello"))
                    .isEqualTo("six heard hello");
        }
    }

    @Test
    void theApplicationIsReachedInEachFamily() throws IOException {
        try (App four = App.alone("four", "127.0.0.1", bench.keys());
                App six = App.alone("six", "::1", bench.keys())) {
            assertThat(bench.heard(new Call.To("127.0.0.1", four.port(), "", "10.44.3.3"), "hello"))
                    .isEqualTo("four heard hello");
            assertThat(bench.heard(new Call.To("::1", six.port(), "", "fd00:44::3"), "hello"))
                    .isEqualTo("six heard hello");
        }
    }

    @Test
    void theOtherAddressOfAPodAnswersWhereTheFirstDoesNot() throws Exception {
        App first = bench.apps().at("10.44.13.1", 9000);
        first.close();
        Waiting.untilRefused(first.port());
        assertThat(bench.told(connection("10.96.13.1", 9000), "hello")).isEqualTo("both-0 heard hello");
    }

    @ParameterizedTest
    @EnumSource(Families.class)
    void envoyListensOnWhatThePodHas(Families families, @TempDir Path directory) throws Exception {
        assertThat(RealEnvoy.complaint(StaticBootstrap.of(Translator.translate(mesh, view(families))), directory))
                .isEmpty();
    }

    @Test
    void aPodWithOneFamilyIsToldOfAddressesThatItCanReach() {
        assertThat(addresses(Families.V4)).contains("10.44.13.1").doesNotContain("fd00:44::1", "fd00:44::6");
        assertThat(addresses(Families.V6)).contains("fd00:44::1", "fd00:44::6").doesNotContain("10.44.13.1");
    }

    private static List<String> addresses(Families families) {
        return Translator.translate(mesh, view(families)).endpoints().stream()
                .flatMap(each -> each.getEndpointsList().stream())
                .flatMap(each -> each.getLbEndpointsList().stream())
                .map(each -> each.getEndpoint().getAddress().getSocketAddress().getAddress())
                .toList();
    }

    @Test
    void theRegistryTellsWhichAddressesAPodHas() {
        var parsed = Proxy.parse(Proxies.node(
                "sidecar~10.44.0.9~client-v1-0.default~default.svc.cluster.local", "bookinfo-client", Map.of()));
        assertThat(parsed)
                .isInstanceOfSatisfying(
                        Proxy.Parsed.Accepted.class,
                        accepted -> assertThat(
                                        ProxyView.of(accepted.proxy(), mesh).capture())
                                .isEqualTo(new Capture.Redirect(Families.BOTH)));
    }
}
