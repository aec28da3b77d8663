package io.flotilla.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Value;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.pilot.world.DeltaStream;
import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.FreePorts;
import io.flotilla.pilot.world.Http;
import io.flotilla.pilot.world.MeshYaml;
import io.flotilla.pilot.world.World;
import io.flotilla.pilot.world.WorldStream;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Pilot shows of itself, over HTTP and to istioctl over ADS. */
@QuarkusTest
@QuarkusTestResource(FreePorts.class)
class DebugQuarkusTest {
    private static final String ID = "sidecar~10.44.1.9~watcher-0.default~default.svc.cluster.local";
    private static final String CLUSTER = "outbound|80||web.default.svc.cluster.local";
    private static World world;

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // set by Quarkus
    URI management;

    private static @Nullable WorldStream proxy;

    @BeforeAll
    static void begin() throws Exception {
        world = new World();
        world.galley()
                .publish(
                        "mesh.yaml",
                        MeshYaml.service("web") + MeshYaml.pod("web", "web", "10.44.1.1") + MeshYaml.service("lonely")
                                + """
                                apiVersion: networking.istio.io/v1
                                kind: VirtualService
                                metadata: {name: first, namespace: default}
                                spec: {hosts: [web], http: [{route: [{destination: {host: web}}]}]}
                                ---
                                apiVersion: networking.istio.io/v1
                                kind: VirtualService
                                metadata: {name: second, namespace: default}
                                spec: {hosts: [web], http: [{route: [{destination: {host: web}}]}]}
                                ---
                                apiVersion: networking.istio.io/v1
                                kind: DestinationRule
                                metadata: {name: plain, namespace: default}
                                spec: {host: web, trafficPolicy: {tls: {mode: DISABLE}}}
                                ---
                                apiVersion: security.istio.io/v1
                                kind: PeerAuthentication
                                metadata: {name: strict, namespace: default}
                                spec: {mtls: {mode: STRICT}}
                                """);
    }

    @AfterAll
    static void end() {
        if (proxy != null) {
            proxy.close();
        }
        world.close();
    }

    // Quarkus serves from before the first test on, but not from before all of them.
    @BeforeEach
    void connect() throws Exception {
        if (proxy == null) {
            proxy = new WorldStream(channel(), ID, Map.of("ISTIO_VERSION", "1.27.1"));
            proxy.ask(TypeUrls.CLUSTER);
            proxy.answer(proxy.next(), null);
            try (Http http = Http.direct()) {
                String syncz = Eventually.get(
                        () -> http.get(management + "debug/syncz"), body -> body.contains("\"synced\" : true"));
                assertThat(syncz).contains("\"synced\" : true");
            }
        }
        // Pilot hears of the end of a stream after the test that ended it.
        try (Http http = Http.direct()) {
            Eventually.until(() -> http.get(management + "debug/adsz"), body -> body.contains("\"totalClients\" : 1"));
        }
    }

    private static ManagedChannel channel() {
        return NettyChannelBuilder.forAddress(
                        "127.0.0.1", ConfigProvider.getConfig().getValue("flotilla.port", Integer.class))
                .usePlaintext()
                .build();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            debug/syncz                                       > "proxy_version" : "1.27.1"
            debug/syncz                                       > "cluster_acked" : "1"
            debug/adsz                                        > "nonceAcked" : "1"
            debug/adsz                                        > "totalClients" : 1
            debug/cdsz                                        > outbound|80||web.default.svc.cluster.local
            debug/edsz                                        > "clusterName": "outbound|80||web.default.svc.cluster.local"
            debug/edsz?proxyID=watcher-0.default              > 10.44.1.1
            debug/config_dump?proxyID=watcher-0.default       > "@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump"
            debug/config_dump?proxyID=watcher-0.default       > "@type": "type.googleapis.com/envoy.config.listener.v3.Listener"
            debug/registryz                                   > "hostname" : "web.default.svc.cluster.local"
            debug/endpointz                                   > "address" : "10.44.1.1:80"
            debug/push_status                                 > "lonely.default.svc.cluster.local:80" : "nobody serves it"
            debug/push_status                                 > "web.default.svc.cluster.local" : "in default/first, and in default/second without effect"
            debug/authenticationz?proxyID=watcher-0.default   > "authentication_policy_name" : "strict/default"
            debug/authenticationz?proxyID=watcher-0.default   > "TLS_conflict_status" : "CONFLICT"
            version                                           > "component" : "pilot"
            ready                                             > ready
            """)
    void pagesSayWhatIsSo(String path, String expected) throws Exception {
        try (Http http = Http.direct()) {
            assertThat(http.get(management + path)).startsWith("200").contains(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "syncz",
                "adsz",
                "cdsz",
                "edsz",
                "config_dump?proxyID=watcher-0.default",
                "registryz",
                "endpointz",
                "push_status",
                "authenticationz?proxyID=watcher-0.default"
            })
    void fromElsewhereAPageIsForWhoeverHasTheToken(String page) throws Exception {
        String elsewhere = elsewhere();
        Assumptions.assumeFalse(elsewhere.isEmpty(), "this machine has no address but its loopback");
        String url = "http://" + elsewhere + ":" + management.getPort() + "/debug/" + page;
        try (Http http = Http.direct()) {
            assertThat(http.get(url)).startsWith("401").doesNotContain("web", "proxy");
            assertThat(http.get(url, "authorization", "Bearer guessed")).startsWith("401");
            assertThat(http.get(url, "authorization", "Bearer " + FreePorts.DEBUG_TOKEN))
                    .startsWith("200");
            assertThat(http.get(management + "debug/" + page)).startsWith("200");
        }
    }

    @Test
    void versionAndReadinessAreForEverybody() throws Exception {
        String elsewhere = elsewhere();
        Assumptions.assumeFalse(elsewhere.isEmpty(), "this machine has no address but its loopback");
        try (Http http = Http.direct()) {
            for (String page : List.of("version", "ready")) {
                assertThat(http.get("http://" + elsewhere + ":" + management.getPort() + "/" + page))
                        .startsWith("200");
            }
        }
    }

    /** An address of this machine that is not its loopback; empty where it has none. */
    private static String elsewhere() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config_dump", "authenticationz"})
    void aProxyIsNamedAndThere(String page) throws Exception {
        try (Http http = Http.direct()) {
            assertThat(http.get(management + "debug/" + page)).startsWith("400");
            assertThat(http.get(management + "debug/" + page + "?proxyID=nobody.nowhere"))
                    .startsWith("404");
        }
    }

    @Test
    void metricsHaveTheirClassicNames() throws Exception {
        try (WorldStream refusing = new WorldStream(channel(), ID.replace("watcher", "refuser"), Map.of());
                Http http = Http.direct()) {
            refusing.ask(TypeUrls.CLUSTER);
            refusing.answer(refusing.next(), "no");
            assertThat(Eventually.get(
                            () -> http.get(management + "metrics"),
                            body -> body.contains("pilot_xds_cds_reject_total")))
                    .contains(
                            "pilot_info{version=",
                            "pilot_xds 2.0",
                            "pilot_services 2.0",
                            "pilot_virt_services 2.0",
                            "pilot_xds_pushes_total{type=\"cds\"}",
                            "pilot_proxy_convergence_time_seconds_bucket",
                            "pilot_total_xds_rejects_total 1.0",
                            "pilot_xds_cds_reject_total 1.0",
                            "pilot_eds_no_instances 1.0",
                            "pilot_vservice_dup_domain 1.0",
                            "pilot_endpoint_not_ready 0.0",
                            "endpoint_no_pod 0.0",
                            "pilot_no_ip 2.0",
                            "pilot_conflict_inbound_listener 0.0",
                            "pilot_conflict_outbound_listener_tcp_over_current_tcp 0.0",
                            "pilot_conflict_outbound_listener_tcp_over_current_http 0.0",
                            "pilot_conflict_outbound_listener_http_over_current_tcp 0.0",
                            "pilot_destrule_subsets 0.0",
                            "pilot_duplicate_envoy_clusters 0.0",
                            "pilot_xds_push_time_seconds_count{type=\"cds\"}",
                            "pilot_total_xds_internal_errors_total 0.0",
                            "pilot_xds_write_timeout_total 0.0",
                            "pilot_xds_waiting 0.0");
            // What there are is looked up when metrics are asked for, and told from then on.
            assertThat(Eventually.get(
                            () -> http.get(management + "metrics"), body -> body.contains("pilot_xds_eds_instances")))
                    .contains(
                            "pilot_xds_eds_instances{cluster=\"outbound|80||web.default.svc.cluster.local\"} 1.0",
                            "pilot_xds_eds_instances{cluster=\"outbound|80||lonely.default.svc.cluster.local\"} 0.0");
        }
    }

    @Test
    void aProxyThatCameBackWithAllThatThereIsForItIsInSync() throws Exception {
        String id = ID.replace("watcher-0", "back-0");
        Map<String, String> held;
        try (DeltaStream first = new DeltaStream(channel(), id)) {
            held = first.ask(TypeUrls.ENDPOINT, Map.of(), CLUSTER).next();
        }
        assertThat(held).containsOnlyKeys(CLUSTER);
        try (DeltaStream back = new DeltaStream(channel(), id);
                Http http = Http.direct()) {
            back.ask(TypeUrls.ENDPOINT, held, CLUSTER);
            String page = Eventually.get(
                    () -> http.get(management + "debug/syncz"), body -> body.contains("\"kept\" : true"));
            assertThat(page).contains("\"endpoint_sent\" : \"0\"", "\"endpoint_acked\" : \"0\"");
        }
    }

    @Test
    void istioctlSeesWhereProxiesStandAndIsNoProxyItself() throws Exception {
        try (WorldStream istioctl =
                new WorldStream(channel(), ID.replace("watcher-0", "me"), Map.of("GENERATOR", "event"))) {
            istioctl.ask("istio.io/debug/syncz");
            DiscoveryResponse response = istioctl.next();
            assertThat(response.getControlPlane().getIdentifier()).startsWith("{\"ID\":");
            assertThat(response.getResourcesList()).hasSize(1);
            ClientConfig config = response.getResources(0).unpack(ClientConfig.class);
            assertThat(config.getNode().getId()).isEqualTo(ID);
            assertThat(config.getNode().getMetadata().getFieldsMap())
                    .containsEntry(
                            "NAMESPACE",
                            Value.newBuilder().setStringValue("default").build())
                    .containsEntry(
                            "CLUSTER_ID",
                            Value.newBuilder().setStringValue("Kubernetes").build());
            assertThat(config.getGenericXdsConfigs(0).getTypeUrl()).isEqualTo(TypeUrls.CLUSTER);
            assertThat(config.getGenericXdsConfigs(0).getConfigStatus()).isEqualTo(ConfigStatus.SYNCED);
            assertThat(config.getNode()
                            .getMetadata()
                            .getFieldsOrThrow("ISTIO_VERSION")
                            .getStringValue())
                    .isEqualTo("1.27.1");
        }
        try (WorldStream istioctl =
                new WorldStream(channel(), ID.replace("watcher-0", "me"), Map.of("GENERATOR", "event"))) {
            istioctl.ask("istio.io/debug/config_dump", "watcher-0.default");
            DiscoveryResponse response = istioctl.next();
            assertThat(response.getResourcesList()).hasSize(5);
            assertThat(response.getResources(0)
                            .unpack(ClustersConfigDump.class)
                            .getDynamicActiveClustersList()
                            .toString())
                    .contains(CLUSTER);
        }
    }

    // "istioctl x internal-debug PAGE" asks so: one name, and the page comes as the bytes of an Any of this type.
    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            syncz                                      > "proxy_version" : "1.27.1"
            adsz                                       > "totalClients" :
            edsz?proxyID=watcher-0.default             > 10.44.1.1
            config_dump?proxyID=watcher-0.default      > envoy.admin.v3.ListenersConfigDump
            registryz                                  > "hostname" : "web.default.svc.cluster.local"
            push_status                                > pilot_vservice_dup_domain
            config_dump?proxyID=nobody.nowhere         > Proxy not connected to this Pilot instance. It may be connected to another instance.
            config_dump                                > You must provide a proxyID in the query string
            nothing                                    > 404 page not found
            list                                       > "push_status"
            """)
    void istioctlSeesPages(String page, String expected) throws Exception {
        try (WorldStream istioctl =
                new WorldStream(channel(), ID.replace("watcher-0", "me"), Map.of("GENERATOR", "event"))) {
            istioctl.ask("istio.io/debug", page);
            DiscoveryResponse response = istioctl.next();
            assertThat(response.getTypeUrl()).isEqualTo("istio.io/debug");
            assertThat(response.getResourcesList()).hasSize(1);
            assertThat(response.getResources(0).getTypeUrl()).isEqualTo("istio.io/debug");
            assertThat(response.getResources(0).getValue().toStringUtf8()).contains(expected);
        }
    }
}
