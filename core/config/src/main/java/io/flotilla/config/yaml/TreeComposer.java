package io.flotilla.config.yaml;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Origin;
import io.flotilla.config.yaml.YamlNode.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/** Builds the tree of one document from parse events, within limits of depth and size. */
final class TreeComposer {
    private static final String MERGE_KEY = "<<";
    private static final int MAX_DUPLICATES = 100;

    private final String file;
    private final int firstLine;
    private final YamlLimits limits;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private int nodes;

    TreeComposer(String file, int firstLine, YamlLimits limits) {
        this.file = file;
        this.firstLine = firstLine;
        this.limits = limits;
    }

    /** A document that is larger or deeper than allowed. */
    static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int line;

        TooMuch(int line, String message) {
            super(message);
            this.line = line;
        }

        int line() {
            return line;
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    private record Anchored(YamlNode node, int nodes) {}

    void compose(Iterator<Event> events, List<YamlFile.Document> documents) {
        while (events.hasNext()) {
            if (events.next() instanceof NodeEvent first) {
                // Inside of this loop only the root of a document is ever first: node() reads the rest of it.
                YamlNode root = node(first, events, 1);
                if (!(root instanceof YamlNode.Null)) {
                    documents.add(new YamlFile.Document(root, diagnostics));
                }
                anchors.clear();
                diagnostics.clear();
                nodes = 0;
            }
        }
    }

    private YamlNode node(NodeEvent event, Iterator<Event> events, int depth) {
        int line = line(event);
        if (depth > limits.depth()) {
            throw new TooMuch(line, "nested deeper than " + limits.depth() + " levels");
        }
        if (event instanceof AliasEvent alias) {
            return aliased(alias, line);
        }
        int before = nodes;
        count(1, line);
        YamlNode node = switch (event) {
            case ScalarEvent scalar -> ScalarType.resolve(scalar, line);
            case SequenceStartEvent start -> sequence(start, events, depth);
            case MappingStartEvent start -> mapping(start, events, depth);
            default -> throw new IllegalStateException("unexpected event " + event);
        };
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(node, nodes - before)));
        return node;
    }

    private YamlNode aliased(AliasEvent alias, int line) {
        Anchored anchored = anchors.get(alias.getAlias());
        if (anchored == null) {
            throw new TooMuch(line, "broken YAML: unknown alias \"" + alias.getAlias() + "\"");
        }
        count(anchored.nodes(), line);
        return anchored.node();
    }

    private YamlNode sequence(SequenceStartEvent start, Iterator<Event> events, int depth) {
        List<YamlNode> items = new ArrayList<>();
        while (events.next() instanceof NodeEvent item) {
            items.add(node(item, events, depth + 1));
        }
        return new YamlNode.Sequence(items, line(start));
    }

    private YamlNode mapping(MappingStartEvent start, Iterator<Event> events, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, Entry> merged = new LinkedHashMap<>();
        while (events.next() instanceof NodeEvent keyEvent) {
            YamlNode key = node(keyEvent, events, depth + 1);
            YamlNode value = node((NodeEvent) events.next(), events, depth + 1);
            String name = keyText(key);
            if (name.equals(MERGE_KEY) && keyEvent instanceof ScalarEvent scalar && scalar.isPlain()) {
                merge(value, merged);
            } else if (entries.putIfAbsent(name, new Entry(key.line(), value)) != null) {
                duplicate(name, key.line(), entries);
            }
        }
        merged.forEach(entries::putIfAbsent);
        return new YamlNode.Mapping(entries, line(start));
    }

    private void duplicate(String name, int line, Map<String, Entry> entries) {
        Entry first = entries.get(name);
        int firstAt = first == null ? 0 : first.keyLine();
        if (diagnostics.size() >= MAX_DUPLICATES) {
            return;
        }
        diagnostics.add(new Diagnostic(
                Severity.ERROR,
                "FL0002",
                new Origin(file, line),
                "",
                "",
                "duplicate key \"" + name + "\", first given in line " + firstAt));
    }

    private void merge(YamlNode value, Map<String, Entry> into) {
        switch (value) {
            case YamlNode.Mapping mapping -> mapping.entries().forEach(into::putIfAbsent);
            case YamlNode.Sequence sequence -> sequence.items().forEach(item -> merge(item, into));
            default ->
                throw new TooMuch(value.line(), "broken YAML: \"<<\" needs a mapping, not a " + value.typeName());
        }
    }

    private static String keyText(YamlNode key) {
        return switch (key) {
            case YamlNode.Text text -> text.value();
            case YamlNode.Numeric number -> number.value();
            case YamlNode.Bool bool -> Boolean.toString(bool.value());
            case YamlNode.Null none -> "null";
            case YamlNode.Sequence none -> throw new TooMuch(key.line(), "a list cannot be a key");
            case YamlNode.Mapping none -> throw new TooMuch(key.line(), "a mapping cannot be a key");
        };
    }

    private void count(int more, int line) {
        nodes += more;
        if (nodes > limits.nodes()) {
            throw new TooMuch(line, "document has more than " + limits.nodes() + " nodes, aliases expanded");
        }
    }

    private int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine()).orElse(0) + firstLine;
    }
}
