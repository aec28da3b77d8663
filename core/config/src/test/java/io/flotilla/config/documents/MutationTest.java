package io.flotilla.config.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ObjectWriter;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.yaml.YamlNode;
import io.flotilla.config.yaml.YamlReader;
import io.flotilla.config.yaml.YamlWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * One change to a valid document is noticed: it is a problem, or it is a change of the object. Only what is left out
 * or said in another way may be harmless, and then the object is the same.
 */
class MutationTest {
    private static final List<Valid> VALID = valid();

    private record Valid(ReadOptions options, YamlNode tree, ParsedObject object) {}

    private enum Change {
        DELETE,
        RENAME,
        TYPE,
        VALUE
    }

    private static List<Valid> valid() {
        List<Valid> all = new ArrayList<>();
        for (Path file : DocumentFolder.files("valid-", ".yaml")) {
            ReadOptions options = DocumentFolder.options(file);
            for (var document :
                    new YamlReader().read("v.yaml", DocumentFolder.text(file)).documents()) {
                ParsedFile read = new ObjectReader(options).read("v.yaml", YamlWriter.yaml(document.root()));
                if (read.objects().size() == 1
                        && document.root() instanceof YamlNode.Mapping root
                        && root.get("spec") instanceof YamlNode.Mapping spec
                        && !spec.entries().isEmpty()
                        && !(read.objects().getFirst().config().spec() instanceof com.google.protobuf.Struct)) {
                    all.add(new Valid(options, document.root(), read.objects().getFirst()));
                }
            }
        }
        return all;
    }

    @Property(tries = 4_000)
    void everySingleMutationIsNoticedOrHarmless(@ForAll long seed) {
        Random random = new Random(seed);
        Valid valid = VALID.get(random.nextInt(VALID.size()));
        Change change = Change.values()[random.nextInt(Change.values().length)];
        YamlNode mutated = inSpec(valid.tree(), change, random);
        String text = YamlWriter.yaml(mutated);
        ParsedFile read = new ObjectReader(valid.options()).read("m.yaml", text);
        boolean noticed = read.allProblems().stream()
                .anyMatch(problem -> !valid.object().problems().toString().contains(problem.message()));
        if (noticed) {
            return;
        }
        ParsedObject object = read.objects().getFirst();
        if (object.config().spec().equals(valid.object().config().spec())) {
            assertThat(change).as("goes unnoticed: %s", text).isIn(Change.DELETE, Change.VALUE);
            assertThat(object.config().version())
                    .isEqualTo(valid.object().config().version());
            return;
        }
        assertThat(object.config().version())
                .isNotEqualTo(valid.object().config().version());
        String written = ObjectWriter.yaml(object.config(), object.rest());
        ParsedObject again = new ObjectReader(valid.options())
                .read("w.yaml", written)
                .objects()
                .getFirst();
        assertThat(again.config().spec()).isEqualTo(object.config().spec());
    }

    private static YamlNode inSpec(YamlNode root, Change change, Random random) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>(((YamlNode.Mapping) root).entries());
        entries.computeIfPresent("spec", (name, spec) -> new YamlNode.Entry(1, mutate(spec.value(), change, random)));
        return new YamlNode.Mapping(entries, 1);
    }

    /** Goes down at random, and changes one entry of the mapping where it stops. */
    private static YamlNode mutate(YamlNode node, Change change, Random random) {
        return switch (node) {
            case YamlNode.Sequence sequence
            when !sequence.items().isEmpty() -> {
                List<YamlNode> items = new ArrayList<>(sequence.items());
                int at = random.nextInt(items.size());
                items.set(at, mutate(items.get(at), change, random));
                yield new YamlNode.Sequence(items, 1);
            }
            case YamlNode.Mapping mapping when !mapping.entries().isEmpty() -> mapping(mapping, change, random);
            default -> change == Change.TYPE || change == Change.RENAME ? other(node) : another(node);
        };
    }

    private static YamlNode mapping(YamlNode.Mapping mapping, Change change, Random random) {
        List<String> keys = List.copyOf(mapping.entries().keySet());
        String key = keys.get(random.nextInt(keys.size()));
        YamlNode value = mapping.get(key);
        if (value != null && goesOn(value) && random.nextInt(4) > 0) {
            return with(mapping, key, key, mutate(value, change, random));
        }
        return switch (change) {
            case DELETE -> with(mapping, key, key, null);
            case RENAME -> with(mapping, key, key + "X", value);
            case TYPE -> with(mapping, key, key, other(value));
            case VALUE -> with(mapping, key, key, another(value));
        };
    }

    private static boolean goesOn(@Nullable YamlNode value) {
        return switch (value) {
            case YamlNode.Mapping mapping -> !mapping.entries().isEmpty();
            case YamlNode.Sequence sequence -> !sequence.items().isEmpty();
            case null, default -> false;
        };
    }

    private static YamlNode with(YamlNode.Mapping mapping, String key, String newKey, @Nullable YamlNode value) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        mapping.entries().forEach((name, entry) -> {
            if (!name.equals(key)) {
                entries.put(name, entry);
            } else if (value != null) {
                entries.put(newKey, new YamlNode.Entry(1, value));
            }
        });
        return new YamlNode.Mapping(entries, 1);
    }

    /** A value that no field takes in the place of this one. */
    private static YamlNode other(@Nullable YamlNode value) {
        return value instanceof YamlNode.Mapping
                ? new YamlNode.Sequence(List.of(new YamlNode.Text("zz", false, 1)), 1)
                : new YamlNode.Mapping(Map.of("zz", new YamlNode.Entry(1, new YamlNode.Text("zz", false, 1))), 1);
    }

    /** A value of the same type. */
    private static YamlNode another(@Nullable YamlNode value) {
        return switch (value) {
            case YamlNode.Text text -> new YamlNode.Text(text.value() + "x", false, 1);
            case YamlNode.Numeric number -> new YamlNode.Numeric(number.value().equals("1") ? "2" : "1", 1);
            case YamlNode.Bool bool -> new YamlNode.Bool(!bool.value(), 1);
            case YamlNode.Sequence ignored -> new YamlNode.Sequence(List.of(), 1);
            case YamlNode.Mapping ignored -> new YamlNode.Mapping(Map.of(), 1);
            case null, default -> new YamlNode.Text("zz", false, 1);
        };
    }
}
