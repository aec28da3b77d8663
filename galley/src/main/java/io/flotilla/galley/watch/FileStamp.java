package io.flotilla.galley.watch;

import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a file is another one than before, without reading it.
 *
 * @param key      the file system's own identity of the file; null where it has none
 * @param modified nanoseconds since 1970
 * @param size     in bytes
 */
record FileStamp(@Nullable Object key, long modified, long size) {
    static FileStamp of(BasicFileAttributes attributes) {
        return new FileStamp(
                attributes.fileKey(),
                attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS),
                attributes.size());
    }
}
