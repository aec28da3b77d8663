package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.kube.ApiServer;
import io.flotilla.e2e.kube.Consumer;
import io.flotilla.e2e.kube.GatewayEnvoy;
import io.flotilla.e2e.kube.SuiteService;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.fixtures.base.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Galley against a real Kubernetes API: what is applied is served, and nothing that fails deletes anything. */
@OfServices
class KubernetesIT {
    private static final String ROUTES = "networking.istio.io/v1alpha3/VirtualService";
    private static final String SERVICES = "flotilla.registry.v1/Service";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // by start()
    private ApiServer api;

    @BeforeEach
    void start() {
        api = ApiServer.start(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static String route(String name) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s, namespace: default}
                spec: {hosts: [%s], http: [{route: [{destination: {host: reviews}}]}]}
                """.formatted(name, name);
    }

    private static String service(String name) {
        return """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: default}
                spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}
                """.formatted(name);
    }

    private void applyFive() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            all.append(route("route-" + i)).append(service("service-" + i));
        }
        api.applyOrFail(all.toString());
    }

    @Test
    void whatIsAppliedReachesAnEnvoy() throws IOException {
        api.installCrds();
        int port = FreePort.next();
        try (SuiteService galley = SuiteService.galley(folder, api, Map.of()).startAndAwaitReady();
                SuiteService pilot = new SuiteService(
                                "pilot", folder, Map.of("FLOTILLA_CONFIG", "xds://127.0.0.1:" + galley.port()))
                        .startAndAwaitReady();
                GatewayEnvoy envoy = new GatewayEnvoy(folder, pilot.port())) {
            api.applyOrFail(GatewayEnvoy.redirecting(port));
            Eventually.holds(
                    LIMIT,
                    () -> galley.output() + pilot.output() + envoy.output(),
                    () -> envoy.ask(port, "/page").equals("301 http://elsewhere.example.com/page"));

            // An edit of the same object, as kubectl does it.
            api.kubectl(
                            "patch",
                            "virtualservice",
                            "moved",
                            "--type=json",
                            "-p",
                            "[{\"op\": \"replace\", \"path\": \"/spec/http/0/redirect/authority\", \"value\": \"b.com\"}]")
                    .orFail();
            Eventually.holds(
                    LIMIT, galley::output, () -> envoy.ask(port, "/page").equals("301 http://b.com/page"));
        }
    }

    @Test
    void killsOfServerEtcdAndGalleyLoseNothingAndDeleteNothing() {
        api.installCrds();
        try (SuiteService galley = SuiteService.galley(folder, api, Map.of()).startAndAwaitReady();
                Consumer consumer = new Consumer(galley.port())) {
            applyFive();
            consumer.awaitPresent(ROUTES, "default/route-4");
            consumer.awaitPresent(SERVICES, "default/service-4");

            api.killServer();
            Eventually.holds(
                    LIMIT, galley::output, () -> galley.get("/debug/sources").contains("stale since"));
            assertThat(galley.status("/health/ready")).isEqualTo(200);
            api.startServer();
            api.applyOrFail(route("after-server"));
            consumer.awaitPresent(ROUTES, "default/after-server");

            api.killEtcd();
            api.startEtcd();
            api.applyOrFail(route("after-etcd"));
            consumer.awaitPresent(ROUTES, "default/after-etcd");

            galley.kill();
            api.applyOrFail(route("without-galley"));
            galley.startAndAwaitReady();
            consumer.awaitPresent(ROUTES, "default/without-galley");
            api.applyOrFail(service("after-galley"));
            consumer.awaitPresent(SERVICES, "default/after-galley");

            assertThat(consumer.names(ROUTES))
                    .containsExactly(
                            "default/after-etcd",
                            "default/after-server",
                            "default/route-0",
                            "default/route-1",
                            "default/route-2",
                            "default/route-3",
                            "default/route-4",
                            "default/without-galley");
            assertThat(consumer.removed()).isEmpty();
            api.kubectl("delete", "virtualservice", "route-0").orFail();
            consumer.awaitAbsent(ROUTES, "default/route-0");
            assertThat(consumer.removed()).containsExactly(ROUTES + " default/route-0");
        }
    }

    @Test
    void kindsThatComeLaterArePickedUpAndAnEmptiedStorageIsHeld() {
        try (SuiteService galley = SuiteService.galley(folder, api, Map.of("FLOTILLA_KUBERNETES_CONFIRM_AFTER", "1h"))
                        .startAndAwaitReady();
                Consumer consumer = new Consumer(galley.port())) {
            api.installCrds();
            applyFive();
            consumer.awaitPresent(ROUTES, "default/route-4");
            consumer.awaitPresent(SERVICES, "default/service-4");

            api.killServer();
            api.killEtcd();
            api.wipe();
            api.startEtcd();
            api.startServer();
            Eventually.holds(
                    LIMIT,
                    galley::output,
                    () -> held(galley, "networking.istio.io/VirtualService") && held(galley, "Service"));
            assertThat(consumer.removed()).isEmpty();
            assertThat(galley.status("/health/ready")).isEqualTo(200);

            assertThat(galley.post("/debug/sources/kubernetes/confirm?kind=Service"))
                    .isEqualTo("confirmed: Service\n");
            consumer.awaitAbsent(SERVICES, "default/service-4");
            assertThat(consumer.names(ROUTES)).hasSize(5);

            // The kind is there again, with one of its objects: that one is no longer waiting to be deleted.
            api.installCrds();
            api.applyOrFail(route("route-0") + route("new"));
            consumer.awaitPresent(ROUTES, "default/new");
            assertThat(consumer.names(ROUTES)).hasSize(6);
            galley.post("/debug/sources/kubernetes/confirm");
            consumer.awaitAbsent(ROUTES, "default/route-4");
            assertThat(consumer.names(ROUTES)).containsExactly("default/new", "default/route-0");
        }
    }

    @Test
    void oneOfTwoReplicasWritesTheStatusAndTheOtherTakesOver() throws IOException {
        api.installCrds();
        api.kubectl("create", "namespace", "istio-system").orFail();
        Map<String, String> settings =
                Map.of("FLOTILLA_KUBERNETES_WRITE_STATUS", "true", "FLOTILLA_KUBERNETES_LEASE", "5s");
        Path second = Files.createDirectory(folder.resolve("second"));
        try (SuiteService one = SuiteService.galley(folder, api, settings).startAndAwaitReady()) {
            api.applyOrFail(route("good") + route("bad").replace("[bad]", "[bad, \"a b\"]"));
            awaitStatus("good", "True 1 ");
            awaitStatus("bad", "False 1 spec.hosts[1]");
            String lease = api.kubectl(LEASE).orFail().out();
            try (SuiteService other = SuiteService.galley(second, api, settings).startAndAwaitReady()) {
                one.kill();
                api.applyOrFail(route("bad"));
                awaitStatus("bad", "True 2 ");
                assertThat(other.output()).contains("leads, epoch 2");
                assertThat(lease).startsWith("1 ");
                assertThat(api.kubectl(LEASE).out()).startsWith("2 ").isNotEqualTo(lease);
            }
        }
    }

    private static final String[] LEASE = {
        "-n",
        "istio-system",
        "get",
        "lease",
        "istio-galley-leader",
        "-o",
        "jsonpath={.spec.leaseTransitions} {.spec.holderIdentity}"
    };

    private void awaitStatus(String route, String expected) {
        String[] status = {
            "get",
            "virtualservice",
            route,
            "-o",
            "jsonpath={.status.conditions[0].status} {.status.conditions[0].observedGeneration}"
                    + " {.status.conditions[0].message}"
        };
        Eventually.holdsSlowly(
                LIMIT,
                () -> api.kubectl(status).out(),
                () -> api.kubectl(status).out().startsWith(expected));
    }

    private static boolean held(SuiteService galley, String kind) {
        String kinds = galley.get("/debug/sources/kubernetes");
        int at = kinds.indexOf("\"kind\" : \"" + kind + "\"");
        int end = kinds.indexOf('}', at);
        return at >= 0 && end > at && kinds.substring(at, end).contains("deletionsHeld");
    }
}
