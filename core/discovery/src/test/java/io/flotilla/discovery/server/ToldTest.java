package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.wire.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ToldTest {
    private static final List<Resource> ALL = Stream.of("a", "b", "c")
            .map(name -> Resource.of(name, Cluster.newBuilder().setName(name).build()))
            .toList();
    private static final ResourceSet NOW = ResourceSet.of(ALL);

    // A stamp is a time, in digits of base 36.
    static Stream<Arguments> stamps() {
        return Stream.of(
                Arguments.of(List.of("@a1", "@a1", "@a1"), Long.parseLong("a1", 36)),
                Arguments.of(List.of("@a1", "@b2", "@a1"), Long.parseLong("b2", 36)),
                Arguments.of(List.of("@1", "@11", "@1"), Long.parseLong("11", 36)),
                Arguments.of(List.of("", "@a1", ""), Long.parseLong("a1", 36)),
                Arguments.of(List.of("@a1", "", "@a1"), Long.parseLong("a1", 36)),
                Arguments.of(List.of("", "", ""), 0L));
    }

    @ParameterizedTest
    @MethodSource("stamps")
    void stampsSayHowNewAndNothingElse(List<String> stamps, long newest) {
        List<String> versions = new ArrayList<>();
        for (int i = 0; i < ALL.size(); i++) {
            versions.add(ALL.get(i).version() + stamps.get(i));
        }
        Told told = told(versions);

        assertThat(told.beside(NOW).complete()).isTrue();
        assertThat(told.newest()).isEqualTo(newest);
        assertThat(told.beside(NOW).complete()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("stamps")
    void anotherVersionIsNotHeld(List<String> stamps, long newest) {
        List<String> versions = new ArrayList<>();
        for (int i = 0; i < ALL.size(); i++) {
            versions.add(ALL.get(i).version() + (i == 1 ? "0" : "") + stamps.get(i));
        }
        Told told = told(versions);

        assertThat(told.newest()).isEqualTo(newest);
        Told.Holding holding = told.beside(NOW);
        assertThat(holding.complete()).isFalse();
        assertThat(holding.same().stream()).containsExactly(0, 2);
        assertThat(holding.others())
                .singleElement()
                .satisfies(other ->
                        assertThat(other.version()).isEqualTo(ALL.get(1).version() + "0"));
    }

    private static Told told(List<String> versions) {
        return new Told(Texts.of(ALL.stream().map(Resource::name).toList()), Texts.of(versions));
    }
}
