package io.flotilla.config.analysis;

import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.yaml.YamlNode;
import io.flotilla.config.yaml.YamlReader;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds lines in the text of files, of which only those are parsed again that findings are about. For one thread. */
public final class TextPositions implements Positions {
    private final Map<String, String> texts;
    private final Map<String, Map<Integer, YamlNode>> roots = new HashMap<>();

    /** Of files, name to text. */
    public TextPositions(Map<String, String> texts) {
        this.texts = Map.copyOf(texts);
    }

    @Override
    public int line(Config<?> config, FieldPath at) {
        YamlNode root = root(config);
        return root == null ? config.origin().line() : at.lineIn(root);
    }

    @Override
    public boolean written(Config<?> config, String... path) {
        YamlNode at = root(config);
        if (at == null) {
            return true;
        }
        for (String name : path) {
            at = at instanceof YamlNode.Mapping mapping ? mapping.get(name) : null;
            if (at == null) {
                return false;
            }
        }
        return true;
    }

    private @Nullable YamlNode root(Config<?> config) {
        String file = config.origin().file();
        String text = texts.get(file);
        return text == null
                ? null
                : roots.computeIfAbsent(file, name -> roots(name, text))
                        .get(config.origin().line());
    }

    private static Map<Integer, YamlNode> roots(String file, String text) {
        Map<Integer, YamlNode> byLine = new HashMap<>();
        new YamlReader().read(file, text).documents().forEach(document -> add(document.root(), byLine));
        return byLine;
    }

    /** The objects of a document: itself, or the items of a list. */
    private static void add(YamlNode node, Map<Integer, YamlNode> byLine) {
        byLine.putIfAbsent(node.line(), node);
        if (node instanceof YamlNode.Mapping root && root.get("items") instanceof YamlNode.Sequence items) {
            byLine.remove(node.line());
            items.items().forEach(item -> add(item, byLine));
        }
    }
}
