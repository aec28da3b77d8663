package io.flotilla.mesh.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HostsTableTest {
    @Test
    void aServiceHasItsShortNameOnlyInItsOwnNamespace() {
        TreeMap<String, String> services =
                new TreeMap<>(Map.of("shop/reviews", "10.96.1.1", "other/reviews", "10.96.1.2"));

        assertThat(HostsTable.of("shop", services).lines())
                .contains("10.96.1.1 reviews reviews.shop reviews.shop.svc reviews.shop.svc.cluster.local")
                .contains("10.96.1.2 reviews.other reviews.other.svc reviews.other.svc.cluster.local");
    }
}
