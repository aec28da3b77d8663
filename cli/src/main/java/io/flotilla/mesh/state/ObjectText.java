package io.flotilla.mesh.state;

import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.yaml.PlainYaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * One object and the YAML that says it, and nothing else.
 *
 * @param object as it was read
 * @param yaml   as the user wrote it, comments included; items of a list are written anew
 */
public record ObjectText(ParsedObject object, String yaml) {
    private static final Pattern SEPARATOR = Pattern.compile("(?m)^---[ \\t]*(?:#.*)?\\r?(?:\\n|\\z)");

    /** Every object of a text that can be read; what cannot is {@link ObjectReader}'s to tell. */
    public static List<ObjectText> of(String file, String text, ReadOptions options) {
        List<ObjectText> objects = new ArrayList<>();
        ObjectReader reader = new ObjectReader(options);
        for (String document : SEPARATOR.split(text, -1)) {
            ParsedFile parsed = reader.read(file, document);
            if (parsed.objects().size() == 1 && !isList(document)) {
                objects.add(new ObjectText(parsed.objects().getFirst(), document));
            } else if (!parsed.objects().isEmpty()) {
                items(file, document, reader, objects);
            }
        }
        return objects;
    }

    private static boolean isList(String document) {
        return load(document) instanceof Map<?, ?> map && map.get("items") instanceof List<?>;
    }

    private static void items(String file, String document, ObjectReader reader, List<ObjectText> objects) {
        if (load(document) instanceof Map<?, ?> map && map.get("items") instanceof List<?> items) {
            for (Object item : items) {
                String yaml = new Dump(DumpSettings.builder()
                                .setDefaultFlowStyle(FlowStyle.BLOCK)
                                .build())
                        .dumpToString(item);
                reader.read(file, yaml).objects().forEach(object -> objects.add(new ObjectText(object, yaml)));
            }
        }
    }

    private static Object load(String document) {
        Object tree = PlainYaml.read(document);
        return tree == null ? Map.of() : tree;
    }
}
