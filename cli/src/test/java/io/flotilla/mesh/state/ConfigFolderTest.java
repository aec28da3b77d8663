package io.flotilla.mesh.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.mesh.state.ConfigFolder.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFolderTest {
    private static final String TWO = """
            # first
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            # second
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: clerk, namespace: shop}
            """;

    @TempDir
    private Path root;

    @Test
    void documentsKeepTheirText() {
        List<ObjectText> texts = ObjectText.of("two.yaml", TWO, ReadOptions.DEFAULT);

        assertThat(texts).extracting(ObjectText::yaml).containsExactly(TWO.split("---\n"));
    }

    @Test
    void itemsOfAListBecomeObjectsOfTheirOwn() {
        String list = """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}
                - {apiVersion: v1, kind: ServiceAccount, metadata: {name: b}}
                """;

        List<ObjectText> texts = ObjectText.of("list.yaml", list, ReadOptions.DEFAULT);

        assertThat(texts).extracting(text -> text.object().config().name()).containsExactly("a", "b");
        assertThat(ObjectText.of("a", texts.getFirst().yaml(), ReadOptions.DEFAULT))
                .hasSize(1);
    }

    @Test
    void putTellsWhatItDidAndRemoveTakesAway() throws IOException {
        ConfigFolder folder = new ConfigFolder(root.resolve("config"));
        ObjectText clerk = ObjectText.of("two.yaml", TWO, ReadOptions.DEFAULT).getLast();
        ObjectKey key = ObjectKey.of(Kind.SERVICE_ACCOUNT, "shop", "clerk");

        assertThat(folder.put(clerk)).isEqualTo(Change.CREATED);
        assertThat(folder.put(clerk)).isEqualTo(Change.UNCHANGED);
        assertThat(folder.put(new ObjectText(clerk.object(), clerk.yaml() + "# more\n")))
                .isEqualTo(Change.CONFIGURED);
        assertThat(folder.objects()).containsOnlyKeys(key);
        assertThat(folder.remove(key)).isTrue();
        assertThat(folder.remove(key)).isFalse();
        assertThat(folder.objects()).isEmpty();
    }

    @Test
    void readersNeverSeeHalfAFile() throws IOException {
        ConfigFolder folder = new ConfigFolder(root);
        Files.createDirectories(root.resolve("shop"));
        Files.writeString(root.resolve("shop/.serviceaccount.clerk.yaml.part"), "apiVersion: v1\nkind: Servi");

        assertThat(folder.objects()).isEmpty();
    }
}
