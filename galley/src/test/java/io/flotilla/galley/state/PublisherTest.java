package io.flotilla.galley.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Config;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.discovery.View;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublisherTest {
    private static final String ROUTES = "networking.istio.io/v1alpha3/VirtualService";
    private static final String SHARES = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shares}
            spec:
              hosts: [reviews]
              http: [{route: [{destination: {host: a}, weight: 60}, {destination: {host: b}, weight: 60}]}]
            """;
    private static final String CLASSIC = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data: {mesh: "compatibility: '1.1'"}
            """;

    private long now = 1_000;
    private final Publisher publisher =
            new Publisher(ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> now);

    private Publisher.Outcome put(String file, String text) {
        return publisher.apply(Map.of(file, Optional.of(text)));
    }

    @Test
    void sequencesRiseWithinARunAndOverRestarts() {
        View first = put("a.yaml", SHARES).held().view();
        View second = put("b.yaml", CLASSIC).held().view();
        assertThat(second.generation().dominates(first.generation())).isTrue();
        assertThat(first.generation().dominates(second.generation())).isFalse();
        now = 50_000;
        View restarted = new Publisher(ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> now)
                .apply(Map.of())
                .held()
                .view();
        assertThat(restarted.generation().dominates(second.generation())).isTrue();
    }

    @Test
    void keepsTheSetsThatAChangeDoesNotTouch() {
        View before = put("a.yaml", SHARES).held().view();
        View after = put("s.yaml", "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}")
                .held()
                .view();
        assertThat(after.type(ROUTES)).isSameAs(before.type(ROUTES));
        assertThat(after.type("flotilla.registry.v1/Service").byName()).containsOnlyKeys("default/a");
    }

    @Test
    void judgesEverythingAnewWhenTheMeshGoesBackToClassicRules() {
        put("a.yaml", SHARES);
        Publisher.Outcome classic = put("mesh.yaml", CLASSIC);
        // Shares of 120 make no sense in 1.1; what was good before stays in force until it is mended.
        assertThat(classic.held().store().diagnostics())
                .anyMatch(problem -> problem.message().equals("weights sum to 120, not 100"));
        assertThat(classic.changed()).extracting(Config::name).containsExactly("mesh");
        assertThat(classic.held().view().type(ROUTES).byName()).containsOnlyKeys("default/shares");

        Publisher.Outcome refused = put("b.yaml", SHARES.replace("name: shares", "name: others"));
        assertThat(refused.isQuiet()).isTrue();
        Publisher.Outcome current = publisher.apply(Map.of("mesh.yaml", Optional.empty()));
        assertThat(current.changed()).extracting(Config::name).containsExactly("others");
        assertThat(current.removed()).hasSize(1);
    }
}
