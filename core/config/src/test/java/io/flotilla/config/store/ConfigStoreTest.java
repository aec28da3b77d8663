package io.flotilla.config.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ReadOptions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConfigStoreTest {
    private ConfigStore store = ConfigStore.empty(ReadOptions.DEFAULT);

    private ConfigStore.Change put(String file, String text) {
        ConfigStore.Change change = store.apply(Map.of(file, Optional.of(text)));
        store = change.store();
        return change;
    }

    private ConfigStore.Change delete(String file) {
        ConfigStore.Change change = store.apply(Map.of(file, Optional.empty()));
        store = change.store();
        return change;
    }

    private static String route(String name, String subset) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s}
                spec:
                  hosts: [x.example.com]
                  http: [{route: [{destination: {host: x, subset: %s}}]}]
                """.formatted(name, subset);
    }

    private String subset(String name) {
        return store.objects().stream()
                .filter(config -> config.name().equals(name))
                .map(Config::spec)
                .map(VirtualService.class::cast)
                .map(route -> route.getHttp(0).getRoute(0).getDestination().getSubset())
                .findFirst()
                .orElse("gone");
    }

    @Test
    void reportsOnlyWhatChanged() {
        assertThat(put("a.yaml", route("a", "v1") + route("b", "v1")).changed())
                .extracting(Config::name)
                .containsExactly("a", "b");
        // A comment moves every line, and changes nothing.
        assertThat(put("a.yaml", "# moved\n" + route("a", "v1") + route("b", "v2"))
                        .changed())
                .extracting(Config::name)
                .containsExactly("b");
        assertThat(store.objects()).extracting(config -> config.origin().line()).containsExactly(3, 10);
        ConfigStore.Change gone = put("a.yaml", route("b", "v2"));
        assertThat(gone.changed()).isEmpty();
        assertThat(gone.removed()).extracting(ObjectKey::name).containsExactly("a");
    }

    @Test
    void keepsTheLastGoodVersionOfAnInvalidObjectWhileOthersOfTheFileGoOn() {
        put("a.yaml", route("a", "v1") + route("b", "v1"));
        ConfigStore.Change change = put("a.yaml", route("a", "v2").replace("hosts", "hots") + route("b", "v2"));

        assertThat(change.changed()).extracting(Config::name).containsExactly("b");
        assertThat(change.diagnostics())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("a.yaml:6: error: VirtualService default/a: spec.hots:")
                        .contains("did you mean \"hosts\"?"));
        assertThat(subset("a")).isEqualTo("v1");
        assertThat(subset("b")).isEqualTo("v2");

        put("a.yaml", route("a", "v3") + route("b", "v2"));
        assertThat(subset("a")).isEqualTo("v3");
        assertThat(store.diagnostics()).isEmpty();
    }

    @Test
    void anObjectThatWasNeverGoodIsNotThere() {
        assertThat(put("a.yaml", route("a", "v1").replace("hosts", "hots")).changed())
                .isEmpty();
        assertThat(store.objects()).isEmpty();
    }

    @Test
    void keepsEverythingThatABrokenFileMayStillHold() {
        put("a.yaml", route("a", "v1") + route("b", "v1"));
        ConfigStore.Change change = put("a.yaml", route("a", "v2") + "---\nkind: [\n");
        assertThat(change.removed()).isEmpty();
        assertThat(change.changed()).extracting(Config::name).containsExactly("a");
        assertThat(subset("b")).isEqualTo("v1");
        // Whole again, and without it.
        assertThat(put("a.yaml", route("a", "v2")).removed())
                .extracting(ObjectKey::name)
                .containsExactly("b");
    }

    @Test
    void theLastFileByNameHasAnObjectThatSeveralHave() {
        put("a.yaml", route("x", "v1"));
        ConfigStore.Change change = put("b.yaml", route("x", "v2"));
        assertThat(change.changed()).hasSize(1);
        assertThat(change.diagnostics()).anyMatch(problem -> problem.code().equals("FL0007"));
        assertThat(subset("x")).isEqualTo("v2");
        assertThat(delete("b.yaml").changed()).hasSize(1);
        assertThat(subset("x")).isEqualTo("v1");
        assertThat(delete("a.yaml").removed()).hasSize(1);
        assertThat(store.documents()).isEmpty();
    }

    @Test
    void aFileThatIsTakenAwayTakesItsObjectsEvenTheLastGoodOnes() {
        put("a.yaml", route("a", "v1"));
        put("a.yaml", "kind: [");
        assertThat(subset("a")).isEqualTo("v1");
        delete("a.yaml");
        assertThat(subset("a")).isEqualTo("gone");
    }

    @Test
    void theSourceThatCountsMoreHasAnObjectWhateverTheOrderOfChanges() {
        Document cluster = new Document(1, "kubernetes", "kubernetes/a");
        assertThat(take(cluster, Optional.of(route("a", "v1"))).changed()).hasSize(1);
        assertThat(subset("a")).isEqualTo("v1");

        ConfigStore.Change both = take(Document.file("z.yaml"), Optional.of(route("a", "v2")));
        assertThat(subset("a")).isEqualTo("v2");
        assertThat(both.diagnostics()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("FL0710");
            assertThat(problem.toString())
                    .contains("kubernetes/a:2: warning: VirtualService default/a:")
                    .contains("is also in z.yaml:2, which counts, since directory comes before kubernetes");
        });

        assertThat(take(cluster, Optional.of(route("a", "v3"))).changed()).isEmpty();
        assertThat(take(Document.file("z.yaml"), Optional.empty()).changed()).hasSize(1);
        assertThat(subset("a")).isEqualTo("v3");
        assertThat(take(cluster, Optional.empty()).removed()).hasSize(1);
        assertThat(store.objects()).isEmpty();
    }

    private ConfigStore.Change take(Document document, Optional<String> text) {
        ConfigStore.Change change = store.applyDocuments(new TreeMap<>(Map.of(document, text)));
        store = change.store();
        return change;
    }
}
