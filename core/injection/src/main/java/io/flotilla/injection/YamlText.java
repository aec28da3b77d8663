package io.flotilla.injection;

import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Writes a JSON tree as YAML in block style, texts of several lines as they are. */
final class YamlText {
    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setDefaultScalarStyle(ScalarStyle.PLAIN)
            .setIndicatorIndent(0)
            .setMultiLineFlow(false)
            .setWidth(1_000_000)
            .setDereferenceAliases(true)
            .build();

    private YamlText() {}

    static String write(Map<String, Object> tree) {
        return new Dump(SETTINGS, new Lines()).dumpToString(tree);
    }

    private static final class Lines extends StandardRepresenter {
        Lines() {
            super(SETTINGS);
            representers.put(String.class, data -> text((String) data));
        }

        private Node text(String text) {
            return representScalar(
                    Tag.STR, text, text.contains("\n") ? ScalarStyle.LITERAL : SETTINGS.getDefaultScalarStyle());
        }
    }
}
