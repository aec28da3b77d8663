package io.flotilla.galley.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Config;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.ownership.OwnershipOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.discovery.View;
import io.flotilla.galley.source.SourceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Publisher publisher = new Publisher(
            Set.of(SourceName.DIRECTORY), ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> now);

    private Publisher.Outcome put(String file, String text) {
        return publisher.apply(SourceName.DIRECTORY, Map.of(file, Optional.of(text)), true);
    }

    @Test
    void sequencesRiseWithinARunAndOverRestarts() {
        View first = put("a.yaml", SHARES).held().view();
        View second = put("b.yaml", CLASSIC).held().view();
        assertThat(second.generation().dominates(first.generation())).isTrue();
        assertThat(first.generation().dominates(second.generation())).isFalse();
        now = 50_000;
        View restarted = new Publisher(
                        Set.of(SourceName.DIRECTORY),
                        ReadOptions.DEFAULT,
                        RegistryOptions.DEFAULT,
                        "istio-system",
                        () -> now)
                .apply(SourceName.DIRECTORY, Map.of(), true)
                .held()
                .view();
        assertThat(restarted.generation().dominates(second.generation())).isTrue();
    }

    @Test
    void whatCapturesAHostOfAnotherNamespaceIsNotServed() {
        publisher.owning(new OwnershipOptions(
                OwnershipOptions.Mode.ENFORCE, "istio-system", "cluster.local", List.of("bank/reviews")));
        assertThat(put("a.yaml", SHARES).held().view().type(ROUTES).byName()).containsOnlyKeys("default/shares");
        Publisher.Outcome refused = put(
                "b.yaml",
                SHARES.replace("hosts: [reviews]", "hosts: [reviews.bank]").replace("name: shares", "name: captor"));
        assertThat(refused.held().view().type(ROUTES).byName()).containsOnlyKeys("default/shares");
        assertThat(refused.held().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.object()).isEqualTo("VirtualService default/captor"));
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
        Publisher.Outcome current = publisher.apply(SourceName.DIRECTORY, Map.of("mesh.yaml", Optional.empty()), true);
        assertThat(current.changed()).extracting(Config::name).containsExactly("others");
        assertThat(current.removed()).hasSize(1);
    }

    private Publisher of(SourceName... sources) {
        return new Publisher(Set.of(sources), ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> now);
    }

    private static Map<String, Optional<String>> one(String name, String text) {
        return Map.of(name, Optional.of(text));
    }

    @Test
    void eachSourceCountsItsOwnChanges() {
        Publisher both = of(SourceName.DIRECTORY, SourceName.KUBERNETES);
        both.apply(SourceName.DIRECTORY, one("a.yaml", SHARES), true);
        View view = both.apply(SourceName.KUBERNETES, Map.of(), true).held().view();
        View later =
                both.apply(SourceName.KUBERNETES, one("b", SHARES), true).held().view();
        assertThat(view.generation().sequences()).isEqualTo(Map.of("directory", 1_000L, "kubernetes", 1_000L));
        assertThat(later.generation().sequences()).isEqualTo(Map.of("directory", 1_000L, "kubernetes", 1_001L));
    }

    @Test
    void isServableOnceEverySourceHasToldEverything() {
        Publisher both = of(SourceName.DIRECTORY, SourceName.KUBERNETES);
        assertThat(both.apply(SourceName.DIRECTORY, one("a.yaml", SHARES), true)
                        .held()
                        .servable())
                .isFalse();
        assertThat(both.apply(SourceName.KUBERNETES, Map.of(), false).held().servable())
                .isFalse();
        assertThat(both.apply(SourceName.KUBERNETES, Map.of(), true).held().servable())
                .isTrue();
    }

    @Test
    void whatAnEarlierRunHeldGoesOnlyOnceItsSourceHasToldEverything() {
        String others = SHARES.replace("name: shares", "name: others");
        Publisher earlier = of(SourceName.DIRECTORY, SourceName.KUBERNETES);
        earlier.apply(SourceName.DIRECTORY, one("a.yaml", SHARES), true);
        View last = earlier.apply(SourceName.KUBERNETES, one("k", others), true)
                .held()
                .view();

        now = 50_000;
        Publisher restarted = of(SourceName.DIRECTORY, SourceName.KUBERNETES);
        Publisher.Outcome seeded = restarted.seed(new Seed(
                Map.of(SourceName.DIRECTORY, Map.of("a.yaml", SHARES), SourceName.KUBERNETES, Map.of("k", others)),
                last.generation()));
        assertThat(seeded.held().servable()).isTrue();
        assertThat(seeded.held().view().type(ROUTES).version())
                .isEqualTo(last.type(ROUTES).version());
        assertThat(seeded.held().view().generation()).isEqualTo(last.generation());

        // The folder is whole again and lacks nothing; the cluster has told half, and of an object that it is gone.
        assertThat(restarted
                        .apply(SourceName.DIRECTORY, one("a.yaml", SHARES), true)
                        .removed())
                .isEmpty();
        Publisher.Outcome half = restarted.apply(SourceName.KUBERNETES, Map.of("k", Optional.empty()), false);
        assertThat(half.removed()).isEmpty();
        assertThat(half.held().view().generation().sequences().get("kubernetes"))
                .as("as old as what was kept, and yet another generation")
                .isEqualTo(last.generation().sequences().getOrDefault("kubernetes", 0L) + 1);

        Publisher.Outcome whole = restarted.apply(SourceName.KUBERNETES, Map.of(), true);
        assertThat(whole.removed()).extracting(key -> key.name()).containsExactly("others");
        assertThat(whole.held().view().generation().sequences().get("kubernetes"))
                .isEqualTo(50_000);
        assertThat(whole.held().view().generation().dominates(last.generation()))
                .isTrue();
    }
}
