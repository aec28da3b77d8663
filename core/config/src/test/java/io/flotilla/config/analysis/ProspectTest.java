package io.flotilla.config.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.SnapshotBuilder;
import io.flotilla.config.store.MeshFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ProspectTest {
    private static final Path ROOT =
            Path.of(System.getProperty("flotilla.root"), "core/config/src/test/resources/golden/analysis");

    /** In every golden mesh each object is asked about: as good as analysis of the whole, but for what costs too much. */
    @TestFactory
    Stream<DynamicTest> saysOfEachObjectWhatAnalysisOfTheWholeSays() throws IOException {
        try (Stream<Path> below = Files.list(ROOT)) {
            return below
                    .sorted()
                    .map(folder -> DynamicTest.dynamicTest(String.valueOf(folder.getFileName()), () -> compare(folder)))
                    .toList()
                    .stream();
        }
    }

    private static void compare(Path folder) throws IOException {
        for (String file : List.of("hit.yaml", "near.yaml")) {
            MeshFolder mesh = read(Files.readString(folder.resolve(file)));
            AnalysisInput input = AnalysisInput.live(mesh.objects(), mesh.snapshot());
            List<Diagnostic> whole = Analyzer.analyze(input);
            Prospect prospect = Prospect.of(input);
            for (Config<?> object : mesh.objects()) {
                assertThat(about(prospect, object, List.of()))
                        .as("%s of %s", object.key(), file)
                        .containsExactlyInAnyOrderElementsOf(whole.stream()
                                .filter(each ->
                                        each.object().equals(object.key().toString()))
                                .filter(each -> each.severity() != Severity.INFO)
                                .toList());
            }
        }
    }

    private static MeshFolder read(String text) {
        return MeshFolder.read(Map.of("mesh.yaml", text), MeshFolder.Options.defaults());
    }

    private static List<Diagnostic> about(Prospect prospect, Config<?> object, Collection<Config<?>> recent) {
        List<Diagnostic> found = new ArrayList<>();
        prospect.about(object, recent, found::add, () -> true);
        return found;
    }

    @Test
    void anObjectThatIsNotThereYetIsJudgedAmongThoseThatAre() {
        List<Config<?>> objects = List.copyOf(read("""
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: edge, namespace: shop}
                spec: {servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: pay, namespace: shop}
                spec: {hosts: [pay.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: pay, namespace: shop}
                spec:
                  hosts: [pay.example.com]
                  gateways: [edge]
                  http: [{route: [{destination: {host: pay.example.com}}]}]
                """).objects());
        Config<?> gateway = named(objects, "Gateway");
        Config<?> entry = named(objects, "ServiceEntry");
        Config<?> route = named(objects, "VirtualService");
        Prospect empty = Prospect.of(AnalysisInput.live(List.of(), SnapshotBuilder.empty(MeshSettings.defaults())));

        assertThat(about(empty, route, List.of())).extracting(Diagnostic::code).contains("FA0101", "FA0103");
        assertThat(about(empty, route, List.of(gateway)))
                .extracting(Diagnostic::code)
                .contains("FA0101")
                .doesNotContain("FA0103");
        assertThat(about(empty, route, List.of(gateway, entry)))
                .extracting(Diagnostic::code)
                .doesNotContain("FA0101", "FA0103");
    }

    @Test
    void stopsWhenThereIsNoMoreTime() {
        MeshFolder mesh = read("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: pay, namespace: shop}
                spec: {hosts: [pay], gateways: [absent], http: [{route: [{destination: {host: pay}}]}]}
                """);
        List<Diagnostic> found = new ArrayList<>();
        Prospect.of(AnalysisInput.live(mesh.objects(), mesh.snapshot()))
                .about(named(List.copyOf(mesh.objects()), "VirtualService"), List.of(), found::add, found::isEmpty);
        assertThat(found)
                .isNotEmpty()
                .extracting(Diagnostic::code)
                .containsOnly(found.getFirst().code());
    }

    private static Config<?> named(List<Config<?>> objects, String kind) {
        return objects.stream()
                .filter(each -> each.key().kind().name().equals(kind))
                .findFirst()
                .orElseThrow();
    }
}
