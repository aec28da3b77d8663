package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.mesh.v1alpha1.MeshNetworks;
import io.flotilla.api.mesh.v1alpha1.Network;
import io.flotilla.api.mesh.v1alpha1.Network.NetworkEndpoints;
import io.flotilla.envoy.endpoint.NetworkNames;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {
    private static final MeshNetworks NETWORKS = MeshNetworks.newBuilder()
            .putNetworks("a", of(NetworkEndpoints.newBuilder().setFromCidr("10.1.0.0/16")))
            .putNetworks("b", of(NetworkEndpoints.newBuilder().setFromCidr("10.1.1.0/24")))
            .putNetworks("c", of(NetworkEndpoints.newBuilder().setFromRegistry("Kubernetes")))
            .putNetworks("d", of(NetworkEndpoints.newBuilder().setFromRegistry("elsewhere")))
            .build();

    private static Network of(NetworkEndpoints.Builder endpoints) {
        return Network.newBuilder().addEndpoints(endpoints).build();
    }

    @ParameterizedTest
    @CsvSource({
        "told, 10.1.0.1, true, told",
        "'', 10.1.0.1, true, a",
        "'', 10.1.1.1, false, a",
        "'', 10.2.0.1, true, c",
        "'', 10.2.0.1, false, ''",
        "'', fd00::1, true, c",
    })
    void whatIsToldComesBeforeRangesAndTheseBeforeTheRegistry(
            String told, String address, boolean registered, String network) {
        assertThat(NetworkNames.of(NETWORKS, told, List.of(address), registered))
                .isEqualTo(network);
    }

    @ParameterizedTest
    @CsvSource({"told, told", "'', ''"})
    void withoutNetworksOnlyWhatIsToldCounts(String told, String network) {
        assertThat(NetworkNames.of(MeshNetworks.getDefaultInstance(), told, List.of("10.1.0.1"), true))
                .isEqualTo(network);
    }
}
