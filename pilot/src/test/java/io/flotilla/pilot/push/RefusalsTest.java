package io.flotilla.pilot.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.envoy.ResourceType;
import io.flotilla.envoy.patch.PatchNotes;
import io.flotilla.envoy.patch.PatchSource;
import io.flotilla.pilot.world.MeshYaml;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalsTest {
    private static final String LISTENER = "virtualInbound";
    private static final String MESSAGE = "Error adding/updating listener(s) virtualInbound: no such filter";

    private final Refusals refusals = new Refusals();

    private static MeshSnapshot mesh(int patches, String name) {
        return MeshYaml.of(IntStream.range(0, patches)
                .mapToObj(i -> """
                        apiVersion: networking.istio.io/v1alpha3
                        kind: EnvoyFilter
                        metadata: {name: patch-%02d, namespace: default}
                        spec: {configPatches: [{applyTo: LISTENER, match: {context: SIDECAR_INBOUND}, patch: {operation: MERGE, value: {stat_prefix: %s}}}]}
                        ---
                        """.formatted(i, name))
                .collect(Collectors.joining()));
    }

    private static List<PatchSource> sources(MeshSnapshot mesh) {
        return mesh.extensions().envoyFilters("default").stream()
                .map(config -> new PatchSource(config.key(), config.version()))
                .sorted()
                .toList();
    }

    private static PatchNotes told(Set<PatchSource> sources) {
        return sources.isEmpty()
                ? PatchNotes.NONE
                : new PatchNotes(Map.of(ResourceType.LISTENER, Map.of(LISTENER, sources)), List.of());
    }

    private PatchNotes inForce(List<PatchSource> all) {
        Set<PatchSource> sources = new TreeSet<>(all);
        sources.removeAll(refusals.quarantine().refused().keySet());
        return told(sources);
    }

    private static Set<PatchSource> in(PatchNotes notes) {
        return Refusals.touched(notes, TypeUrls.LISTENER);
    }

    @ParameterizedTest(name = "{1} of {0} are guilty")
    @CsvSource({"1, 0", "2, 1", "7, 0", "8, 3;4", "16, 15", "9, 0;1;2;3;4;5;6;7;8", "5, ''"})
    void ofManySuspectsOnlyTheGuiltyStayOutAfterFewTrials(int patches, String guilty) {
        MeshSnapshot mesh = mesh(patches, "a");
        List<PatchSource> all = sources(mesh);
        Set<PatchSource> bad = new HashSet<>();
        for (String index : guilty.isEmpty() ? new String[0] : guilty.split(";", -1)) {
            bad.add(all.get(Integer.parseInt(index)));
        }
        PatchNotes told = inForce(all);
        int refused = 0;
        int rounds = 0;
        boolean news = true;
        while (news) {
            rounds++;
            if (in(told).stream().anyMatch(bad::contains)) {
                refused++;
                news = refusals.rejected(mesh, told, TypeUrls.LISTENER, MESSAGE);
            } else {
                news = refusals.accepted(told, TypeUrls.LISTENER, Set.of());
            }
            told = inForce(all);
            assertThat(rounds).isLessThanOrEqualTo(4 * patches + 2);
        }
        assertThat(refusals.quarantine().refused().keySet()).isEqualTo(bad);
        assertThat(refused).isLessThanOrEqualTo(2 * patches);
        // And that is how it stays.
        assertThat(refusals.accepted(told, TypeUrls.LISTENER, Set.of())).isFalse();
        assertThat(refusals.age()).isFalse();
        assertThat(refusals.age()).isFalse();
    }

    @Test
    void manyProxiesThatRefuseTheSameResponseCondemnNobodyWhoIsOnTrial() {
        MeshSnapshot mesh = mesh(4, "a");
        List<PatchSource> all = sources(mesh);
        PatchNotes first = inForce(all);
        assertThat(refusals.rejected(mesh, first, TypeUrls.LISTENER, MESSAGE)).isTrue();
        assertThat(refusals.quarantine().refused()).hasSize(4);
        assertThat(refusals.accepted(inForce(all), TypeUrls.LISTENER, Set.of())).isTrue();
        assertThat(in(inForce(all))).containsExactlyInAnyOrder(all.get(0), all.get(1));
        // The others answer the first response only now.
        for (int i = 0; i < 3; i++) {
            assertThat(refusals.rejected(mesh, first, TypeUrls.LISTENER, MESSAGE))
                    .isFalse();
        }
        assertThat(in(inForce(all))).containsExactlyInAnyOrder(all.get(0), all.get(1));
    }

    @Test
    void aContentThatIsMendedIsNotBlamedForTheOneBefore() {
        MeshSnapshot before = mesh(1, "a");
        PatchNotes told = inForce(sources(before));
        MeshSnapshot after = mesh(1, "b");
        refusals.forget(after);
        assertThat(refusals.rejected(after, told, TypeUrls.LISTENER, MESSAGE)).isFalse();
        assertThat(refusals.quarantine().refused()).isEmpty();
    }

    @Test
    void aTrialThatNobodyAnswersEndsInTime() {
        MeshSnapshot mesh = mesh(2, "a");
        List<PatchSource> all = sources(mesh);
        refusals.rejected(mesh, inForce(all), TypeUrls.LISTENER, MESSAGE);
        refusals.accepted(inForce(all), TypeUrls.LISTENER, Set.of());
        assertThat(in(inForce(all))).containsExactly(all.get(0));
        assertThat(refusals.age()).isFalse();
        assertThat(refusals.age()).isTrue();
        assertThat(in(inForce(all))).containsExactlyInAnyOrder(all.get(0), all.get(1));
    }

    @Test
    void whatWasTakenInOneTypeIsSuspectedInAnother() {
        MeshSnapshot mesh = mesh(1, "a");
        PatchSource source = sources(mesh).getFirst();
        PatchNotes told = new PatchNotes(
                Map.of(
                        ResourceType.LISTENER, Map.of(LISTENER, Set.of(source)),
                        ResourceType.CLUSTER, Map.of("outbound|80||web", Set.of(source))),
                List.of());
        refusals.accepted(told, TypeUrls.CLUSTER, Set.of());
        assertThat(refusals.rejected(mesh, told, TypeUrls.CLUSTER, "outbound|80||web: bad"))
                .isFalse();
        assertThat(refusals.rejected(mesh, told, TypeUrls.LISTENER, MESSAGE)).isTrue();
    }
}
