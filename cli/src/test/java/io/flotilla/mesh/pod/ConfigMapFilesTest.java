package io.flotilla.mesh.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.object.ReadOptions;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.ObjectText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigMapFilesTest {
    @TempDir
    private Path scratch;

    private ConfigFolder objects;
    private Path volume;

    @BeforeEach
    void start() throws IOException {
        objects = new ConfigFolder(scratch.resolve("config"));
        volume = Files.createDirectory(scratch.resolve("volume"));
    }

    private void put(String namespace, String data) throws IOException {
        String text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: boot, namespace: " + namespace + "}, data: "
                + data + "}\n";
        objects.put(ObjectText.of("boot.yaml", text, ReadOptions.DEFAULT).getFirst());
    }

    private void write(Map<String, String> names) throws IOException {
        new ConfigMapFiles(objects, "shop").write(volume, new LocalVolume.ConfigFiles("boot", names));
    }

    @Test
    void everyKeyIsAFileAndFollowsTheObject() throws IOException {
        write(Map.of());
        assertThat(volume).isEmptyDirectory();

        put("other", "{a: not mine}");
        put("shop", "{a: one, b: two}");
        write(Map.of());
        assertThat(volume.resolve("a")).hasContent("one");
        assertThat(volume.resolve("b")).hasContent("two");

        put("shop", "{a: three}");
        write(Map.of());
        assertThat(volume.resolve("a")).hasContent("three");
    }

    @Test
    void namedKeysAloneAreFilesUnderTheirPaths() throws IOException {
        put("shop", "{a: one, b: two, c: out}");
        write(Map.of("a", "deep/file.json", "c", "../out"));

        assertThat(volume.resolve("deep/file.json")).hasContent("one");
        assertThat(volume.resolve("b")).doesNotExist();
        assertThat(scratch.resolve("out")).doesNotExist();
    }
}
