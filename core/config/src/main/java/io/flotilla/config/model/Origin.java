package io.flotilla.config.model;

/**
 * Where an object, or a part of it, was written.
 *
 * @param file a path as the user named it, or a source's name ("kubernetes")
 * @param line the first line, from 1; 0 where the source has no lines
 */
public record Origin(String file, int line) {
    /** The origin of objects that no user wrote. */
    public static final Origin NONE = new Origin("", 0);

    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
