package io.flotilla.envoy.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.envoy.ResourceType;
import io.flotilla.envoy.dump.Difference.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A page of Pilot's in JSON's form, beside a dump in the form of Envoy's admin port. */
class ComparisonTest {
    private static final String TOLD = """
            {"configs": [
             {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamicActiveClusters": [
               {"cluster": {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "cart", "type": "EDS",
                 "edsClusterConfig": {"serviceName": "cart-eds"}, "connectTimeout": "10s"}},
               {"cluster": {"name": "dns", "type": "STRICT_DNS"}}]},
             {"@type": "type.googleapis.com/envoy.admin.v3.EndpointsConfigDump", "dynamicEndpointConfigs": [
               {"endpointConfig": {"clusterName": "cart-eds", "endpoints": [{"locality": {"region": "r"}, "lbEndpoints": [
                 {"endpoint": {"address": {"socketAddress": {"address": "10.44.1.1", "portValue": 80}}}}]}]}}]},
             {"@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump", "dynamicListeners": [
               {"name": "in", "activeState": {"listener": {"name": "in", "trafficDirection": "INBOUND",
                 "filterChains": [{"transportSocket": {"name": "tls", "typedConfig": {
                   "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret", "name": "key",
                   "tlsCertificate": {"privateKey": {"filename": "/etc/key.pem"}}}}}]}}}]},
             {"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump", "dynamicRouteConfigs": [
               {"routeConfig": {"name": "80", "virtualHosts": [
                 {"name": "cart", "domains": ["cart"]}, {"name": "ui", "domains": ["ui"]}]}}]}
            ]}""";

    private static final String HELD = """
            {"configs": [
             {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "version_info": "7",
              "static_clusters": [{"cluster": {"name": "xds-grpc"}}],
              "dynamic_active_clusters": [
               {"version_info": "1", "cluster": {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
                 "name": "cart", "connect_timeout": "10s", "type": "EDS", "eds_cluster_config": {"service_name": "cart-eds"}}},
               {"version_info": "2", "cluster": {"name": "dns", "type": "STRICT_DNS"}}]},
             {"@type": "type.googleapis.com/envoy.admin.v3.EndpointsConfigDump", "dynamic_endpoint_configs": [
               {"endpoint_config": {"cluster_name": "cart-eds", "policy": {"overprovisioning_factor": 140}, "endpoints": [
                {"locality": {"region": "r"}, "lb_endpoints": [{"health_status": "HEALTHY", "load_balancing_weight": 1,
                 "endpoint": {"address": {"socket_address": {"address": "10.44.1.1", "port_value": 80}}}}]}]}},
               {"endpoint_config": {"cluster_name": "dns"}}]},
             {"@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump",
              "static_listeners": [{"listener": {"name": "readiness"}}],
              "dynamic_listeners": [
               {"name": "in", "active_state": {"version_info": "1", "listener": {"name": "in",
                 "filter_chains": [{"transport_socket": {"name": "tls", "typed_config": {
                   "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret", "name": "key",
                   "tls_certificate": {"private_key": {"filename": "[redacted]"}}}}}], "traffic_direction": "INBOUND"}}}]},
             {"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump",
              "static_route_configs": [{"route_config": {"name": "inbound"}}],
              "dynamic_route_configs": [{"route_config": {"name": "80", "virtual_hosts": [
                 {"name": "cart", "domains": ["cart"]}, {"name": "ui", "domains": ["ui"]}]}}]}
            ]}""";

    private static List<Difference> between(String told, String held) throws InvalidProtocolBufferException {
        return Comparison.between(ConfigDump.parse(told), ConfigDump.parse(held));
    }

    @Test
    void whatIsHeldAsItIsToldMatchesWhateverTheForm() throws InvalidProtocolBufferException {
        assertThat(between(TOLD, HELD)).isEmpty();
    }

    @Test
    void otherContentIsALineOfEach() throws InvalidProtocolBufferException {
        List<Difference> found = between(TOLD, HELD.replace("\"10s\"", "\"1s\""));

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().type()).isEqualTo(ResourceType.CLUSTER);
        assertThat(found.getFirst().name()).isEqualTo("cart");
        assertThat(found.getFirst().kind()).isEqualTo(Kind.OTHER);
        assertThat(found.getFirst().lines())
                .containsExactly(
                        "@@ -4,5 +4,5 @@",
                        "   \"edsClusterConfig\": {",
                        "     \"serviceName\": \"cart-eds\"",
                        "   },",
                        "-  \"connectTimeout\": \"10s\"",
                        "+  \"connectTimeout\": \"1s\"",
                        " }");
    }

    @Test
    void whatOnlyOneOfThemHasIsNamed() throws InvalidProtocolBufferException {
        assertThat(between(TOLD.replace("\"name\": \"dns\"", "\"name\": \"new\""), HELD))
                .containsExactly(
                        new Difference(ResourceType.CLUSTER, "dns", Kind.NOT_TOLD, List.of()),
                        new Difference(ResourceType.CLUSTER, "new", Kind.NOT_HELD, List.of()));
    }

    @Test
    void aListenerThatWasRefusedIsNotHeld() throws InvalidProtocolBufferException {
        String refused = HELD.replaceFirst("\"active_state\": (?=.*\"in\")", "\"error_state\": ");

        assertThat(between(TOLD, refused))
                .containsExactly(new Difference(ResourceType.LISTENER, "in", Kind.NOT_HELD, List.of()));
    }

    @Test
    void whatWarmsIsNotInForce() throws InvalidProtocolBufferException {
        assertThat(between(TOLD, HELD.replace("active_state", "warming_state")))
                .containsExactly(new Difference(ResourceType.LISTENER, "in", Kind.WARMING, List.of()));
        assertThat(between(TOLD, HELD.replace("dynamic_active_clusters", "dynamic_warming_clusters")))
                .extracting(Difference::kind)
                .containsExactly(Kind.WARMING, Kind.WARMING);
    }

    @Test
    void endpointsAreTheirPlaces() throws InvalidProtocolBufferException {
        List<Difference> found = between(TOLD, HELD.replace("10.44.1.1", "10.44.1.2"));

        assertThat(found).extracting(Difference::type).containsExactly(ResourceType.ENDPOINT);
        assertThat(found.getFirst().lines())
                .containsExactly(
                        "@@ -1,1 +1,1 @@",
                        "-10.44.1.1:80, weight 1, priority 0, in r//",
                        "+10.44.1.2:80, weight 1, priority 0, in r//");
    }

    @Test
    void ofDiscoveredHostsThoseAreHeldThatSomebodyCalled() throws InvalidProtocolBufferException {
        String some = HELD.replace("{\"name\": \"80\", \"virtual_hosts\"", """
                {"name": "80", "vhds": {"config_source": {"ads": {}, "resource_api_version": "V3"}}, \
                "virtual_hosts\"""")
                .replace("{\"name\": \"cart\", \"domains\": [\"cart\"]}, ", "")
                .replace("\"name\": \"ui\"", "\"name\": \"80/ui\"");

        assertThat(between(TOLD, some)).isEmpty();

        List<Difference> other = between(TOLD, some.replace("[\"ui\"]", "[\"old\"]"));
        assertThat(other).extracting(Difference::name).containsExactly("80");
        assertThat(other.getFirst().lines()).anyMatch(line -> line.matches("\\+.*\"old\".*"));
    }

    /** Pilot's page has all that some listener may name. */
    @Test
    void extensionsCountWhereAListenerAsksForThem() throws InvalidProtocolBufferException {
        String told = TOLD.replaceFirst("(?s)\\n\\]}$", """
                , {"@type": "type.googleapis.com/envoy.admin.v3.EcdsConfigDump", "ecdsFilters": [
                  {"ecdsFilter": {"name": "in-manager"}}, {"ecdsFilter": {"name": "in-chain"}},
                  {"ecdsFilter": {"name": "of-nobody"}}]}
                ]}""");
        String asks = """
                "filters": [{"name": "in-chain", "config_discovery": {}}, {"name": "manager", "typed_config": {
                  "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                  "http_filters": [{"name": "in-manager", "config_discovery": {}}]}}], "transport_socket\"""";

        assertThat(between(told, HELD)).isEmpty();
        assertThat(between(told, HELD.replace("\"transport_socket\"", asks)))
                .filteredOn(each -> each.type() == ResourceType.EXTENSION)
                .containsExactly(
                        new Difference(ResourceType.EXTENSION, "in-chain", Kind.NOT_HELD, List.of()),
                        new Difference(ResourceType.EXTENSION, "in-manager", Kind.NOT_HELD, List.of()));
    }

    @Test
    void whatIsRedactedMayBeAnythingAndNothingElseMay() throws InvalidProtocolBufferException {
        assertThat(between(TOLD.replace("/etc/key.pem", "/other"), HELD)).isEmpty();
        assertThat(between(TOLD.replace("\"filename\"", "\"inlineString\""), HELD))
                .extracting(Difference::kind)
                .containsExactly(Kind.OTHER);
    }

    @Test
    void whatIsNoDumpIsSaid() {
        assertThatThrownBy(() -> ConfigDump.parse("{\"clusters\": []}"))
                .isInstanceOf(InvalidProtocolBufferException.class)
                .hasMessage("no configuration dump: it has no \"configs\"");
    }
}
