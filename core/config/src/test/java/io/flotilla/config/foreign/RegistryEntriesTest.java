package io.flotilla.config.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.registry.v1.Endpoint;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.ServicePort;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryEntriesTest {
    private static final Service REVIEWS = Service.newBuilder()
            .setNamespace("default")
            .setName("reviews")
            .setHostname("reviews.default.svc.cluster.local")
            .addAddresses("10.96.0.7")
            .addPorts(ServicePort.newBuilder().setName("http").setNumber(80).setTargetNumber(9080))
            .addPorts(ServicePort.newBuilder().setNumber(9000).setTargetName("admin"))
            .putLabels("app", "reviews")
            .setOrigin("reviews.yaml:3")
            .build();
    private static final EndpointSlice SLICE = EndpointSlice.newBuilder()
            .setNamespace("default")
            .setName("reviews-1")
            .setService("reviews")
            .putPorts("http", 9080)
            .putPorts("", 9001)
            .addEndpoints(endpoint("10.44.0.1", true, true))
            .addEndpoints(endpoint("10.44.0.2", false, false))
            .build();

    private static Endpoint.Builder endpoint(String address, boolean ready, boolean tls) {
        return Endpoint.newBuilder()
                .addAddresses(address)
                .setReady(ready)
                .setMeshTls(tls)
                .setServiceAccount("bookinfo-reviews")
                .setLocality("eu/a")
                .putLabels("version", "v1");
    }

    @Test
    void aServiceIsAStaticEntryWithItsReadyEndpoints() {
        Config<ServiceEntry> entry = RegistryEntries.entry(REVIEWS, List.of(SLICE));
        assertThat(entry.key().resourceName()).isEqualTo("default/reviews.registry");
        assertThat(entry.spec().getHostsList()).containsExactly("reviews.default.svc.cluster.local");
        assertThat(entry.spec().getAddressesList()).containsExactly("10.96.0.7");
        assertThat(entry.spec().getResolution()).isEqualTo(ServiceEntry.Resolution.STATIC);
        assertThat(entry.spec().getLocation()).isEqualTo(ServiceEntry.Location.MESH_INTERNAL);
        assertThat(entry.spec().getPorts(0).getProtocol()).isEqualTo("HTTP");
        assertThat(entry.spec().getPorts(1).getName()).isEqualTo("port-9000");
        assertThat(entry.spec().getPorts(1).getProtocol()).isEmpty();
        assertThat(entry.spec().getEndpointsList())
                .containsExactly(WorkloadEntry.newBuilder()
                        .setAddress("10.44.0.1")
                        .putPorts("http", 9080)
                        .putPorts("port-9000", 9001)
                        .putLabels("version", "v1")
                        .putLabels("security.istio.io/tlsMode", "istio")
                        .setLocality("eu/a")
                        .setServiceAccount("bookinfo-reviews")
                        .build());
        assertThat(entry.annotations())
                .containsEntry("flotilla.io/origin", "reviews.yaml:3")
                .containsEntry("flotilla.io/cluster-ip", "10.96.0.7")
                .containsEntry("flotilla.io/target-port.http", "9080")
                .containsEntry("flotilla.io/target-port.port-9000", "admin")
                .doesNotContainKey("flotilla.io/headless");
    }

    @Test
    void aPortWithoutSidecarIsSaidToSpeakNoMeshTls() {
        Service all = REVIEWS.toBuilder().setPublishNotReady(true).build();
        assertThat(RegistryEntries.entry(all, List.of(SLICE))
                        .spec()
                        .getEndpoints(1)
                        .getLabelsMap())
                .containsEntry("security.istio.io/tlsMode", "disabled");
    }

    @Test
    void aHeadlessServiceLeavesTheAddressToTheCaller() {
        Service headless =
                REVIEWS.toBuilder().clearAddresses().setHeadless(true).build();
        Config<ServiceEntry> entry = RegistryEntries.entry(headless, List.of(SLICE));
        assertThat(entry.spec().getResolution()).isEqualTo(ServiceEntry.Resolution.NONE);
        assertThat(entry.spec().getEndpointsList()).isEmpty();
        assertThat(entry.annotations()).containsEntry("flotilla.io/headless", "true");
    }

    @Test
    void anExternalNameIsResolvedByName() {
        Service external = REVIEWS.toBuilder()
                .clearAddresses()
                .setExternalName("example.org")
                .build();
        ServiceEntry entry = RegistryEntries.entry(external, List.of()).spec();
        assertThat(entry.getResolution()).isEqualTo(ServiceEntry.Resolution.DNS);
        assertThat(entry.getLocation()).isEqualTo(ServiceEntry.Location.MESH_EXTERNAL);
        assertThat(entry.getEndpoints(0).getAddress()).isEqualTo("example.org");
    }

    /** Istio refuses an entry in which a port number comes twice. */
    @Test
    void ofOneNumberOverTcpAndUdpOnlyTcpIsTold() {
        Service dns = REVIEWS.toBuilder()
                .clearPorts()
                .addPorts(ServicePort.newBuilder().setName("dns").setNumber(53).setTransport("UDP"))
                .addPorts(ServicePort.newBuilder().setName("dns-tcp").setNumber(53))
                .build();
        EndpointSlice slice =
                SLICE.toBuilder().putPorts("dns", 53).putPorts("dns-tcp", 53).build();
        ServiceEntry entry = RegistryEntries.entry(dns, List.of(slice)).spec();
        assertThat(entry.getPortsList())
                .singleElement()
                .satisfies(port -> assertThat(port.getName()).isEqualTo("dns-tcp"));
        // Nor may an endpoint have a port that the entry has not.
        assertThat(entry.getEndpoints(0).getPortsMap()).containsOnlyKeys("dns-tcp");
    }

    @Test
    void aWorkloadIsAnEntryOfItsOwn() {
        Workload workload = Workload.newBuilder()
                .setNamespace("default")
                .setName("reviews-v1-0")
                .addAddresses("10.44.0.1")
                .putLabels("app", "reviews")
                .setServiceAccount("bookinfo-reviews")
                .setHasSidecar(true)
                .build();
        Config<WorkloadEntry> entry = RegistryEntries.entry(workload);
        assertThat(entry.key().resourceName()).isEqualTo("default/reviews-v1-0.registry");
        assertThat(entry.spec().getAddress()).isEqualTo("10.44.0.1");
        assertThat(entry.spec().getLabelsMap())
                .containsEntry("app", "reviews")
                .containsEntry("security.istio.io/tlsMode", "istio");
    }

    @Test
    void theSameServiceHasTheSameVersionWhoeverRendersIt() {
        assertThat(RegistryEntries.entry(REVIEWS, List.of(SLICE)).version())
                .isEqualTo(RegistryEntries.entry(REVIEWS.toBuilder().build(), List.of(SLICE))
                        .version())
                .isNotEqualTo(RegistryEntries.entry(REVIEWS, List.of()).version());
    }
}
