package io.flotilla.images;

import java.nio.file.Path;

/** What one image stands on. */
public sealed interface Base {
    /** An image of a registry, by tag or digest. */
    record Registry(String image) implements Base {}

    /** An image in a file, as {@code docker save} writes it. */
    record Tar(Path file) implements Base {}

    /** "tar:FILE", else the name of an image. */
    static Base of(String text) {
        return text.startsWith("tar:") ? new Tar(Path.of(text.substring("tar:".length()))) : new Registry(text);
    }
}
