package io.flotilla.mesh.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private static final Registry REGISTRY = Registry.parse("""
            [{"service":"a.shop.svc.cluster.local","port":80,"endpoints":[
               {"address":"10.44.0.1:8080","health":"HEALTHY"},{"address":"10.44.0.2:8080","health":"UNHEALTHY"}]},
             {"service":"a.shop.svc.cluster.local","port":81,"endpoints":[
               {"address":"10.44.0.1:8081","health":"HEALTHY"}]},
             {"service":"example.com","port":80,"endpoints":[]}]
            """);

    @Test
    void whatServesIsThereWhenAllPortsOfItAre() {
        assertThat(REGISTRY.covers(Map.of("shop/a", Set.of("10.44.0.1:8080", "10.44.0.1:8081"))))
                .isTrue();
        assertThat(REGISTRY.covers(Map.of("shop/a", Set.of("10.44.0.1:8080", "10.44.0.2:8080"))))
                .as("one does not take requests")
                .isFalse();
        assertThat(REGISTRY.covers(Map.of("shop/a", Set.of("10.44.0.3:8080")))).isFalse();
    }

    @Test
    void aServiceThatPilotHidesLacksNothing() {
        assertThat(REGISTRY.covers(Map.of("hidden/b", Set.of("10.44.0.9:80")))).isTrue();
    }

    @Test
    void anEmptyAnswerHasNothing() {
        assertThat(Registry.parse("[]").covers(Map.of())).isFalse();
        assertThat(Registry.parse("no JSON").covers(Map.of())).isFalse();
    }
}
