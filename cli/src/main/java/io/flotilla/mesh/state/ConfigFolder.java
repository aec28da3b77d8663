package io.flotilla.mesh.state;

import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The objects of a local mesh, one file each: NAMESPACE/KIND.GROUP.NAME.yaml. A file is replaced by a rename, so that
 * a reader sees the old object or the new one.
 *
 * @param root the folder; made when something is put
 */
public record ConfigFolder(Path root) {
    /** What {@link #put} did. */
    public enum Change {
        CREATED,
        CONFIGURED,
        UNCHANGED
    }

    public Change put(ObjectText text) throws IOException {
        Path file = file(text.object().config().key());
        boolean there = Files.exists(file);
        if (there && Files.readString(file).equals(text.yaml())) {
            return Change.UNCHANGED;
        }
        Files.createDirectories(file.getParent());
        // The hidden name keeps readers away until the file is whole.
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        Files.writeString(part, text.yaml());
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        return there ? Change.CONFIGURED : Change.CREATED;
    }

    /** False where there was no such object. */
    public boolean remove(ObjectKey key) throws IOException {
        return Files.deleteIfExists(file(key));
    }

    /** All objects, also those that the user put into the folder by hand. */
    public SortedMap<ObjectKey, ObjectText> objects() throws IOException {
        SortedMap<ObjectKey, ObjectText> objects = new TreeMap<>();
        for (Path file : files()) {
            String name = root.relativize(file).toString();
            ObjectText.of(name, textOf(file), ReadOptions.DEFAULT)
                    .forEach(text -> objects.put(text.object().config().key(), text));
        }
        return objects;
    }

    /** Where an object has its file. */
    public Path file(ObjectKey key) {
        String group = key.kind().group().isEmpty() ? "" : "." + key.kind().group();
        String kind = key.kind().name().toLowerCase(Locale.ROOT) + group;
        String namespace = key.namespace().isEmpty() ? "_cluster" : key.namespace();
        return root.resolve(namespace).resolve(kind + "." + key.name() + ".yaml");
    }

    // A file that is removed while we read holds nothing any more.
    private static String textOf(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> below = Files.walk(root)) {
            return below.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
