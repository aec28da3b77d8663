package io.flotilla.config.yaml;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * YAML 1.2 as plain maps, lists, text, numbers and truth values, for those who need no lines and no schema. What is not
 * YAML throws {@link org.snakeyaml.engine.v2.exceptions.YamlEngineException}, whose message names {@code label}.
 */
public final class PlainYaml {
    private static final int LEAST_BUFFER = 128;

    private PlainYaml() {}

    /** The only document; null where there is none. */
    public static @Nullable Object read(String label, String text) {
        return loader(label, text).loadFromString(text);
    }

    /** The only document; null where there is none. */
    public static @Nullable Object read(String text) {
        return read("YAML", text);
    }

    /** Each document. */
    public static List<Object> readAll(String text) {
        List<Object> documents = new ArrayList<>();
        loader("YAML", text).loadAllFromString(text).forEach(documents::add);
        return documents;
    }

    // In one window: the library fails where the end of one cuts a character in two.
    private static Load loader(String label, String text) {
        return new Load(LoadSettings.builder()
                .setLabel(label)
                .setBufferSize(Math.max(LEAST_BUFFER, text.length() + 2))
                .build());
    }
}
