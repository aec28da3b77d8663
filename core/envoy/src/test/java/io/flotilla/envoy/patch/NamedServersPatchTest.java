package io.flotilla.envoy.patch;

import static io.flotilla.envoy.patch.PatchedMesh.filter;
import static io.flotilla.envoy.patch.PatchedMesh.patch;
import static io.flotilla.envoy.patch.PatchedMesh.resources;
import static io.flotilla.envoy.patch.PatchedMesh.unpacked;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.clusters.common.dns.v3.DnsLookupFamily;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.mesh.RealEnvoy;
import io.flotilla.envoy.mesh.StaticBootstrap;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters whose servers Envoy looks up by their names: patches in the older form and in the current one. */
class NamedServersPatchTest {
    private static final String SERVER = """
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: far, namespace: default}
            spec: {hosts: [far.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}
            """;

    @TempDir
    private Path directory;

    private static EnvoyResources patched(String change) {
        return resources(SERVER, filter("p", patch("CLUSTER", "cluster: {service: far.example.com}", "MERGE", change)));
    }

    private static Cluster server(EnvoyResources resources) {
        assertThat(resources.notes().problems()).isEmpty();
        return resources.clusters().stream()
                .filter(cluster -> cluster.getName().equals("outbound|80||far.example.com"))
                .findFirst()
                .orElseThrow();
    }

    // As Envoy takes them, without a word of deprecated fields.
    private DnsCluster names(EnvoyResources resources) throws Exception {
        assertThat(RealEnvoy.complaint(StaticBootstrap.of(resources), directory))
                .isEmpty();
        return unpacked(server(resources).getClusterType().getTypedConfig(), DnsCluster.class);
    }

    @Test
    void unpatchedTheyAreOfTheExtension() throws Exception {
        assertThat(names(resources(SERVER)))
                .isEqualTo(DnsCluster.newBuilder()
                        .setDnsRefreshRate(Durations.fromSeconds(60))
                        .setRespectDnsTtl(true)
                        .setDnsLookupFamily(DnsLookupFamily.V4_PREFERRED)
                        .build());
    }

    @Test
    void theFieldsOfOldStillSayWhatTheyDid() throws Exception {
        DnsCluster names = names(patched("""
                {type: LOGICAL_DNS, dns_refresh_rate: 7s, dns_failure_refresh_rate: {base_interval: 1s, max_interval: 9s},
                 dns_jitter: 2s, dns_lookup_family: V6_ONLY, typed_dns_resolver_config: {name: cares, typed_config:
                 {"@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig}}}"""));
        assertThat(names.getAllAddressesInSingleEndpoint()).isTrue();
        assertThat(names.getDnsRefreshRate()).isEqualTo(Durations.fromSeconds(7));
        assertThat(names.getDnsFailureRefreshRate().getBaseInterval()).isEqualTo(Durations.fromSeconds(1));
        assertThat(names.getDnsFailureRefreshRate().getMaxInterval()).isEqualTo(Durations.fromSeconds(9));
        assertThat(names.getDnsJitter()).isEqualTo(Durations.fromSeconds(2));
        assertThat(names.getDnsLookupFamily()).isEqualTo(DnsLookupFamily.V6_ONLY);
        assertThat(names.getTypedDnsResolverConfig().getName()).isEqualTo("cares");
        assertThat(names.getRespectDnsTtl()).as("nobody took it back").isTrue();
    }

    @Test
    @SuppressWarnings("deprecation") // a field of old
    void anotherFieldLeavesThemAndAnotherTypeTakesTheirPlace() {
        assertThat(server(patched("{connect_timeout: 3s}")).getClusterType().getName())
                .isEqualTo("envoy.clusters.dns");
        Cluster fixed = server(patched("{type: STATIC}"));
        assertThat(fixed.getType()).isEqualTo(Cluster.DiscoveryType.STATIC);
        assertThat(fixed.hasDnsRefreshRate()).isFalse();
    }

    @Test
    void theExtensionsFieldsAreMergedToo() throws Exception {
        DnsCluster names = names(patched("""
                {cluster_type: {typed_config: {"@type": type.googleapis.com/envoy.extensions.clusters.dns.v3.DnsCluster,
                 dns_refresh_rate: 8s}}}"""));
        assertThat(names.getDnsRefreshRate()).isEqualTo(Durations.fromSeconds(8));
        assertThat(names.getDnsLookupFamily()).isEqualTo(DnsLookupFamily.V4_PREFERRED);
    }

    @Test
    @SuppressWarnings("deprecation") // the fields of old
    void resolversOfOldKeepTheFormInWhichTheyAreSaid() {
        Cluster cluster = server(patched(
                "{dns_resolution_config: {resolvers: [{socket_address: {address: 10.0.0.2, port_value: 53}}]}}"));
        assertThat(cluster.getType()).isEqualTo(Cluster.DiscoveryType.STRICT_DNS);
        assertThat(cluster.getDnsRefreshRate()).isEqualTo(Durations.fromSeconds(60));
    }
}
