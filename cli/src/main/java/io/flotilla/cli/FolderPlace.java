package io.flotilla.cli;

import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.yaml.PlainYaml;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.ObjectText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The configuration of a local mesh. */
record FolderPlace(ConfigFolder folder) implements ObjectPlace {
    @Override
    public Optional<Map<String, Object>> get(ObjectType type, String namespace, String name) throws IOException {
        ObjectText text = folder.objects().get(ObjectKey.of(type.kind(), namespace, name));
        return Optional.ofNullable(text).map(found -> tree(found.yaml()));
    }

    @Override
    public List<Map<String, Object>> labelled(ObjectType type, String namespace, String label, String value)
            throws IOException {
        List<Map<String, Object>> found = new ArrayList<>();
        folder.objects().forEach((key, text) -> {
            boolean there = key.kind().equals(type.kind()) && key.namespace().equals(namespace);
            if (there && value.equals(text.object().config().labels().get(label))) {
                found.add(tree(text.yaml()));
            }
        });
        return found;
    }

    @Override
    public String put(ObjectType type, Map<String, Object> object) throws IOException {
        List<ObjectText> texts = ObjectText.of("object", OutputOption.yamlOf(object), ReadOptions.DEFAULT);
        ObjectText text = texts.getFirst();
        if (!text.object().valid()) {
            throw CommandFailure.no(text.object().problems().getFirst().toString());
        }
        return folder.put(text).name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean remove(ObjectType type, String namespace, String name) throws IOException {
        return folder.remove(ObjectKey.of(type.kind(), namespace, name));
    }

    @Override
    @SuppressWarnings("unchecked") // trees of YAML have texts as keys
    public void annotate(ObjectType type, String namespace, String name, String key, String value) throws IOException {
        Map<String, Object> object = get(type, namespace, name)
                .orElseThrow(
                        () -> CommandFailure.no("there is no " + type.kind().name() + " " + namespace + "/" + name));
        Map<String, Object> metadata = new LinkedHashMap<>((Map<String, Object>) object.get("metadata"));
        Map<String, Object> annotations = metadata.get("annotations") instanceof Map<?, ?> there
                ? new LinkedHashMap<>((Map<String, Object>) there)
                : new LinkedHashMap<>();
        annotations.put(key, value);
        metadata.put("annotations", annotations);
        Map<String, Object> changed = new LinkedHashMap<>(object);
        changed.put("metadata", metadata);
        put(type, changed);
    }

    @SuppressWarnings("unchecked") // it was read as an object before
    private static Map<String, Object> tree(String yaml) {
        return (Map<String, Object>) Objects.requireNonNull(PlainYaml.read(yaml));
    }
}
