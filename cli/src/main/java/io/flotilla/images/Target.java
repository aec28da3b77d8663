package io.flotilla.images;

import java.nio.file.Path;

/** Where images go. */
public sealed interface Target {
    /** Names begin with it: "registry.example.com/mesh". */
    record Registry(String prefix) implements Target {}

    /** One file each, NAME.tar, as {@code docker load} and {@code ctr image import} take it. */
    record Folder(Path path) implements Target {}
}
