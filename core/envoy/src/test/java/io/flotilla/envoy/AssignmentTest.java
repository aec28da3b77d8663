package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.flotilla.api.networking.v1alpha3.LocalityLoadBalancerSetting;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshEndpoint.Health;
import io.flotilla.envoy.endpoint.Assignment;
import io.flotilla.envoy.endpoint.LocalityPolicy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    private static final LocalityPolicy NEAREST_FIRST = new LocalityPolicy(
            "r/z/s",
            Collections.unmodifiableSortedMap(new TreeMap<>()),
            LocalityLoadBalancerSetting.getDefaultInstance(),
            false);

    private static MeshEndpoint endpoint(String address, String locality, int weight) {
        return new MeshEndpoint(List.of(address), 80, Map.of(), "", "", "", locality, "", weight, Health.HEALTHY, true);
    }

    private static List<String> built(LocalityPolicy policy, MeshEndpoint... endpoints) {
        return new Assignment("c", List.of(endpoints), policy)
                .build().getEndpointsList().stream()
                        .flatMap(group -> group.getLbEndpointsList().stream()
                                .map(member -> "%s %d of %d in %s at %d"
                                        .formatted(
                                                member.getEndpoint()
                                                        .getAddress()
                                                        .getSocketAddress()
                                                        .getAddress(),
                                                member.getLoadBalancingWeight().getValue(),
                                                group.getLoadBalancingWeight().getValue(),
                                                place(group),
                                                group.getPriority())))
                        .toList();
    }

    private static String place(LocalityLbEndpoints group) {
        return group.getLocality().getRegion() + "/" + group.getLocality().getZone();
    }

    @Test
    void anAddressOfSeveralPlacesStandsInTheNearest() {
        assertThat(built(
                        NEAREST_FIRST,
                        endpoint("10.0.0.1", "", 2),
                        endpoint("10.0.0.1", "r/z", 3),
                        endpoint("10.0.0.1", "r2/z", 4)))
                .containsExactly("10.0.0.1 3 of 3 in r/z at 0");
    }

    @Test
    void anAddressOfPlacesEquallyNearStandsInOneWithTheWeightOfAll() {
        assertThat(built(
                        LocalityPolicy.none(),
                        endpoint("10.0.0.1", "r/z", 3),
                        endpoint("10.0.0.1", "r2/z", 4),
                        endpoint("10.0.0.2", "r2/z", 1)))
                .containsExactly("10.0.0.1 7 of 7 in r/z at 0", "10.0.0.2 1 of 1 in r2/z at 0");
    }

    @Test
    void anAddressThatIsToldTwiceInOnePlaceCountsOnce() {
        assertThat(built(LocalityPolicy.none(), endpoint("10.0.0.1", "r/z", 3), endpoint("10.0.0.1", "r/z", 4)))
                .containsExactly("10.0.0.1 3 of 3 in r/z at 0");
    }
}
