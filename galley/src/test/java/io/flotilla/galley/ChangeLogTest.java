package io.flotilla.galley;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
    private final List<String> said = new ArrayList<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final ChangeLog log = new ChangeLog(said::add, later::add);
    private final Publisher publisher = new Publisher(
            Set.of(SourceName.DIRECTORY), ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> 1_000);

    private void put(String file, String text) {
        Publisher.Outcome outcome = publisher.apply(SourceName.DIRECTORY, Map.of(file, Optional.of(text)), true);
        assertThat(outcome.isQuiet()).isFalse();
        log.published("directory", 1, outcome, Duration.ofNanos(1_000));
    }

    private void endpoint(int last) {
        put("endpoints.yaml", """
                apiVersion: v1
                kind: Endpoints
                metadata: {name: a}
                subsets: [{addresses: [{ip: 10.0.0.%d}], ports: [{name: http, port: 80}]}]
                """.formatted(last));
    }

    private void share(String host) {
        put("shares.yaml", """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shares}
                spec: {hosts: [a], http: [{route: [{destination: {host: %s}}]}]}
                """.formatted(host));
    }

    @BeforeEach
    void aService() {
        put("service.yaml", """
                apiVersion: v1
                kind: Service
                metadata: {name: a}
                spec: {ports: [{name: http, port: 80}]}
                """);
        said.clear();
    }

    @Test
    void ofEndpointsTheFirstIsToldAtOnceAndWhatFollowsTogether() {
        endpoint(1);
        assertThat(said).singleElement().asString().startsWith("directory: 1 documents changed: 1 objects published");
        endpoint(2);
        endpoint(3);
        endpoint(4);
        assertThat(said).hasSize(1);
        later.remove().run();
        assertThat(said).hasSize(2);
        assertThat(said.getLast())
                .startsWith("directory: 3 documents changed in 3 changes: 3 objects published, 0 removed, generation ")
                .endsWith(", 3 us");
        endpoint(5);
        assertThat(said).as("the burst goes on").hasSize(2);
        later.remove().run();
        later.remove().run();
        assertThat(later).as("it is over").isEmpty();
        assertThat(said).hasSize(3);
        endpoint(6);
        assertThat(said).hasSize(4);
    }

    @Test
    void whatPeopleWriteIsToldAtOnceWhateverElseHappens() {
        endpoint(1);
        share("a");
        endpoint(2);
        share("b");
        assertThat(said).hasSize(3);
    }
}
