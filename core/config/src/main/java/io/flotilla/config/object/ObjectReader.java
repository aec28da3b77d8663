package io.flotilla.config.object;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.object.KindInfo.Shape;
import io.flotilla.config.schema.Consequences;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.MessageReader;
import io.flotilla.config.schema.Problems;
import io.flotilla.config.schema.Structs;
import io.flotilla.config.validate.Validators;
import io.flotilla.config.yaml.YamlFile;
import io.flotilla.config.yaml.YamlNode;
import io.flotilla.config.yaml.YamlReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the objects of a file: YAML or JSON, several documents, lists, every known kind in every version. */
public final class ObjectReader {
    private static final Set<String> TOP_FIELDS = Set.of("apiVersion", "kind", "metadata", "spec", "status");
    private static final int MAX_LIST_DEPTH = 3;
    private static final int MAX_NAME = 253;

    private final ReadOptions options;
    private final YamlReader yaml = new YamlReader();
    private final MessageReader.Mode mode;

    public ObjectReader(ReadOptions options) {
        this.options = options;
        this.mode = new MessageReader.Mode(true, !options.classic(), MessageReader.Mode.STRICT.types());
    }

    /** Everything in a file, with everything that is wrong with it. */
    public ParsedFile read(String file, String text) {
        YamlFile documents = yaml.read(file, text);
        Reading reading = new Reading(file, new ArrayList<>(), new ArrayList<>(documents.broken()));
        documents.documents().forEach(document -> document(reading, document.root(), document.problems(), 0));
        return new ParsedFile(reading.objects(), reading.problems());
    }

    private record Reading(String file, List<ParsedObject> objects, List<Diagnostic> problems) {
        void problem(Severity severity, String code, int line, String object, String path, String message) {
            problems.add(new Diagnostic(severity, code, new Origin(file, line), object, path, message));
        }
    }

    private void document(Reading reading, YamlNode node, List<Diagnostic> known, int depth) {
        if (!(node instanceof YamlNode.Mapping root)) {
            reading.problem(
                    Severity.ERROR, "FL0006", node.line(), "", "", "an object is a mapping, not a " + node.typeName());
            return;
        }
        String apiVersion = MetadataReader.text(root, "apiVersion");
        String kind = MetadataReader.text(root, "kind");
        if (apiVersion == null && kind == null) {
            reading.problem(
                    Severity.WARNING,
                    "FL0008",
                    root.line(),
                    "",
                    "",
                    "is no object (no apiVersion, no kind), passed over");
        } else if (apiVersion == null || kind == null) {
            String missing = kind == null ? "kind" : "apiVersion";
            reading.problem(Severity.ERROR, "FL0006", root.line(), "", missing, "is required");
        } else if (kind.endsWith("List") && root.get("items") instanceof YamlNode.Sequence items) {
            list(reading, root, items, known, depth);
        } else {
            known(reading, root, apiVersion, kind, known);
        }
    }

    private void list(
            Reading reading, YamlNode.Mapping root, YamlNode.Sequence items, List<Diagnostic> known, int depth) {
        if (depth >= MAX_LIST_DEPTH) {
            reading.problem(Severity.ERROR, "FL0006", root.line(), "", "items", "lists in lists in lists");
            return;
        }
        for (int i = 0; i < items.items().size(); i++) {
            YamlNode item = items.items().get(i);
            int from = item.line();
            int to = i + 1 < items.items().size() ? items.items().get(i + 1).line() : Integer.MAX_VALUE;
            List<Diagnostic> ofItem = known.stream()
                    .filter(problem ->
                            problem.origin().line() >= from && problem.origin().line() < to)
                    .toList();
            document(reading, item, ofItem, depth + 1);
        }
    }

    private void known(Reading reading, YamlNode.Mapping root, String apiVersion, String kind, List<Diagnostic> known) {
        KindInfo info = KindCatalog.find(apiVersion, kind).orElse(null);
        YamlNode.Mapping metadata = root.get("metadata") instanceof YamlNode.Mapping mapping ? mapping : null;
        String name = MetadataReader.text(metadata, "name");
        if (info == null) {
            String object = name == null ? kind : kind + " " + name;
            reading.problem(
                    Severity.WARNING, "FL0003", root.line(), object, "", KindCatalog.explainUnknown(apiVersion, kind));
        } else if (info.shape() instanceof Shape.NotYet) {
            reading.problem(
                    Severity.INFO,
                    "FL0004",
                    root.line(),
                    name == null ? kind : kind + " " + name,
                    "",
                    "kind is known, but not acted on by this version");
        } else if (metadata == null || name == null) {
            boolean number = metadata != null && metadata.get("name") instanceof YamlNode.Numeric;
            reading.problem(
                    Severity.ERROR,
                    "FL0005",
                    root.line(),
                    kind,
                    "metadata.name",
                    number ? "needs a string, not a number; put it in quotes" : "is required");
        } else if (name.length() > MAX_NAME) {
            reading.problem(
                    Severity.ERROR,
                    "FL0005",
                    root.line(),
                    kind,
                    "metadata.name",
                    "has " + name.length() + " characters; at most " + MAX_NAME);
        } else {
            object(reading, root, metadata, info, name, known);
        }
    }

    private void object(
            Reading reading,
            YamlNode.Mapping root,
            YamlNode.Mapping metadata,
            KindInfo info,
            String name,
            List<Diagnostic> known) {
        String given = MetadataReader.text(metadata, "namespace");
        String namespace = info.namespaced() ? (given == null ? options.defaultNamespace() : given) : "";
        ObjectKey key = ObjectKey.of(info.kind(), namespace, name);
        Problems problems = new Problems(reading.file(), key.toString(), root);
        MetadataReader reader = new MetadataReader(metadata, problems);
        reader.checkNames(info, name, namespace);
        OldVersions.check(
                String.valueOf(MetadataReader.text(root, "apiVersion")),
                info.kind().name(),
                options.classic(),
                problems);
        Message spec = spec(root, info, problems);
        var labels = reader.labels();
        var annotations = EntryHealth.with(info.kind(), root, reader.annotations());
        Instant created = reader.created();
        String version = ContentVersion.of(spec, labels, annotations);
        Origin origin = new Origin(reading.file(), root.line());
        Config<?> config = new Config<>(key, spec, labels, annotations, created, version, origin);
        Problems rules = new Problems(reading.file(), key.toString(), root);
        Validators.validate(config, options.classic(), rules);
        List<Diagnostic> all = new ArrayList<>(problems.found());
        all.addAll(Consequences.without(rules.found(), problems.found()));
        Rest rest = info.shape() instanceof Shape.Manifest ? Rest.NONE : new Rest(reader.rest(), status(root));
        reading.objects().add(new ParsedObject(kept(config), rest, together(known, key, all)));
    }

    private static Struct status(YamlNode.Mapping root) {
        return root.get("status") instanceof YamlNode.Mapping status
                ? Structs.struct(status)
                : Struct.getDefaultInstance();
    }

    /** What is kept of an object once it was judged: no content of a Secret. */
    private static Config<?> kept(Config<?> config) {
        Kind kind = config.key().kind();
        if (!kind.equals(Kind.SECRET) || !(config.spec() instanceof Struct manifest)) {
            return config;
        }
        Map<String, String> annotations = new TreeMap<>(config.annotations());
        annotations.remove(Manifests.APPLIED);
        return new Config<>(
                config.key(),
                Manifests.withoutSecrets(kind, manifest),
                config.labels(),
                Collections.unmodifiableMap(annotations),
                config.created(),
                config.version(),
                config.origin());
    }

    private Message spec(YamlNode.Mapping root, KindInfo info, Problems problems) {
        return switch (info.shape()) {
            case Shape.NotYet() -> throw new IllegalStateException("kinds that are not read have no spec");
            case Shape.Manifest() -> Manifests.completed(info.kind(), Structs.struct(root));
            case Shape.Spec(Message prototype) -> {
                root.entries().forEach((field, entry) -> {
                    if (!TOP_FIELDS.contains(field)) {
                        problems.error(
                                "FL0010",
                                FieldPath.ROOT.field(field),
                                "unknown field \"" + field + "\"; fields of the object belong under \"spec\"");
                    }
                });
                YamlNode spec = root.get("spec");
                yield spec == null || spec instanceof YamlNode.Null
                        ? prototype
                        : new MessageReader(problems, mode).read(prototype, spec, FieldPath.ROOT.field("spec"));
            }
        };
    }

    private static List<Diagnostic> together(List<Diagnostic> known, ObjectKey key, List<Diagnostic> found) {
        List<Diagnostic> all = new ArrayList<>();
        known.forEach(problem -> all.add(new Diagnostic(
                problem.severity(),
                problem.code(),
                problem.origin(),
                key.toString(),
                problem.path(),
                problem.message())));
        all.addAll(found);
        return all;
    }
}
