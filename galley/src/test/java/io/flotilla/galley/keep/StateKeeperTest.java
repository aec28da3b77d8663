package io.flotilla.galley.keep;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of Galley one after the other over one folder. */
class StateKeeperTest {
    private static final String ROUTES = "networking.istio.io/v1alpha3/VirtualService";
    private static final Set<SourceName> BOTH = Set.of(SourceName.DIRECTORY, SourceName.KUBERNETES);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    private long now = 1_000;

    @SuppressWarnings("NullAway.Init") // by start()
    private StateKeeper keeper;

    @SuppressWarnings("NullAway.Init") // by start()
    private Publisher publisher;

    private static String route(String name, String timeout) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s}
                spec: {hosts: [%s], http: [{timeout: %s, route: [{destination: {host: a}}]}]}
                """.formatted(name, name, timeout);
    }

    /** What the run begins with. */
    private Optional<Publisher.Outcome> start() {
        now += 1_000_000;
        keeper = new StateKeeper(folder);
        publisher = new Publisher(BOTH, ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> now++);
        Optional<Publisher.Outcome> begun = keeper.load().map(publisher::seed);
        begun.ifPresent(keeper::published);
        return begun;
    }

    private Publisher.Outcome tell(SourceName source, boolean synced, String... namesAndTexts) {
        Map<String, Optional<String>> documents = new HashMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            documents.put(namesAndTexts[i], Optional.of(namesAndTexts[i + 1]).filter(text -> !text.isEmpty()));
        }
        Publisher.Outcome outcome = publisher.apply(source, documents, synced);
        keeper.published(outcome);
        return outcome;
    }

    @AfterEach
    void stop() throws Exception {
        keeper.close();
    }

    private static ResourceSet routes(Publisher.Outcome outcome) {
        return outcome.held().view().type(ROUTES);
    }

    @Test
    void aRestartServesTheSameVersionsAtOnceAndDeletesOnlyWhenTheSourceHasToldEverything() throws Exception {
        assertThat(start()).isEmpty();
        tell(SourceName.DIRECTORY, true, "a.yaml", route("a", "1s"));
        View before = tell(SourceName.KUBERNETES, true, "b", route("b", "1s"), "c", route("c", "1s"))
                .held()
                .view();
        stop();

        Publisher.Outcome begun = start().orElseThrow();
        assertThat(begun.held().servable()).isTrue();
        assertThat(begun.held().view().generation()).isEqualTo(before.generation());
        assertThat(routes(begun).version()).isEqualTo(before.type(ROUTES).version());
        // One source is there again and tells of a change; the other has not said anything yet.
        Publisher.Outcome directory = tell(SourceName.DIRECTORY, true, "a.yaml", route("a", "2s"));
        assertThat(routes(directory).byName()).containsOnlyKeys("default/a", "default/b", "default/c");
        Publisher.Outcome partly = tell(SourceName.KUBERNETES, false, "b", route("b", "1s"));
        assertThat(routes(partly).byName()).containsKey("default/c");
        Publisher.Outcome all = tell(SourceName.KUBERNETES, true);
        assertThat(routes(all).byName()).containsOnlyKeys("default/a", "default/b");
        assertThat(all.held().view().generation().dominates(before.generation()))
                .isTrue();
    }

    @Test
    void whatWasInForceInsteadOfABrokenDocumentIsStillInForceAfterARestart() throws Exception {
        start();
        tell(SourceName.KUBERNETES, true);
        tell(SourceName.DIRECTORY, true, "a.yaml", route("a", "1s"));
        String good = tell(SourceName.DIRECTORY, true, "a.yaml", route("a", "-1s"))
                .held()
                .view()
                .type(ROUTES)
                .version();
        stop();

        assertThat(routes(start().orElseThrow()).version()).isEqualTo(good);
        assertThat(routes(tell(SourceName.DIRECTORY, true, "a.yaml", route("a", "-1s")))
                        .version())
                .isEqualTo(good);
        stop();
        // It is kept by the second run too, which never saw the good text told.
        assertThat(routes(start().orElseThrow()).version()).isEqualTo(good);
    }

    @Test
    void halfOfAStateIsNotKept() throws Exception {
        start();
        tell(SourceName.KUBERNETES, false, "a", route("a", "1s"));
        stop();
        assertThat(start()).isEmpty();
    }

    @Test
    void changesAreKeptWhileItRunsNotWhenItEnds() throws Exception {
        start();
        tell(SourceName.DIRECTORY, true);
        tell(SourceName.KUBERNETES, true, "a", route("a", "1s"));
        keeper.settle();
        tell(SourceName.KUBERNETES, true, "a", route("a", "2s"));
        String last = tell(SourceName.KUBERNETES, true, "a", "", "b", route("b", "1s"))
                .held()
                .view()
                .type(ROUTES)
                .version();
        keeper.settle();
        try (KeptState other = new KeptState(folder, text -> {})) {
            assertThat(other.load().orElseThrow().documents().get(SourceName.KUBERNETES))
                    .containsOnlyKeys("b");
        }
        stop();
        assertThat(routes(start().orElseThrow()).version()).isEqualTo(last);
    }

    @Test
    void twoRunsAtOnceDoNotShareAFolder() throws Exception {
        start();
        tell(SourceName.DIRECTORY, true);
        tell(SourceName.KUBERNETES, true, "a", route("a", "1s"));
        keeper.settle();
        StateKeeper second = new StateKeeper(folder);
        assertThat(second.load()).isEmpty();
        second.close();
    }
}
