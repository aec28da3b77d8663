package io.flotilla.mesh.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServiceRulesTest {
    @Test
    void callersAreSpreadEvenly() {
        assertThat(ServiceRules.text(new TreeMap<>(
                        Map.of("10.96.1.1:80", List.of("10.44.1.1:8080", "10.44.1.2:8080", "10.44.1.3:8080")))))
                .isEqualTo("""
                *nat
                :FLOTILLA-SERVICES - [0:0]
                -A FLOTILLA-SERVICES -d 10.96.1.1/32 -p tcp --dport 80 -m statistic --mode random \
                --probability 0.33333333 -j DNAT --to-destination 10.44.1.1:8080
                -A FLOTILLA-SERVICES -d 10.96.1.1/32 -p tcp --dport 80 -m statistic --mode random \
                --probability 0.50000000 -j DNAT --to-destination 10.44.1.2:8080
                -A FLOTILLA-SERVICES -d 10.96.1.1/32 -p tcp --dport 80 -j DNAT --to-destination 10.44.1.3:8080
                COMMIT
                """);
    }
}
