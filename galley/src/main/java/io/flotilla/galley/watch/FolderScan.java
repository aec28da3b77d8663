package io.flotilla.galley.watch;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a directory holds at one moment; links are followed, hidden entries passed over.
 *
 * @param files       manifests, with their stamps
 * @param directories all of them, the root included
 * @param unreadable  directories and files that are there and cannot be looked at: nothing is known of what they hold
 */
record FolderScan(Map<Path, FileStamp> files, Set<Path> directories, Set<Path> unreadable) {
    private static final int MAX_DEPTH = 32;

    /**
     * @throws IOException where the root is not there or cannot be listed
     */
    static FolderScan of(Path root) throws IOException {
        Map<Path, FileStamp> files = new HashMap<>();
        Set<Path> directories = new TreeSet<>();
        Set<Path> unreadable = new TreeSet<>();
        if (!Files.isDirectory(root)) {
            throw new java.nio.file.NotDirectoryException(root.toString());
        }
        Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (!directory.equals(root) && isHidden(directory)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                directories.add(directory);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (isManifest(file) && attributes.isRegularFile()) {
                    files.put(file, FileStamp.of(attributes));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (file.equals(root)) {
                    throw e;
                }
                // Gone since it was listed, a link to nowhere or in a circle: as if it were not there.
                if (!(e instanceof NoSuchFileException) && !(e instanceof FileSystemLoopException)) {
                    unreadable.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new FolderScan(files, directories, unreadable);
    }

    /** A file that may hold objects, by its name. */
    static boolean isManifest(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.startsWith(".") && (ends(name, ".yaml") || ends(name, ".yml") || ends(name, ".json"));
    }

    private static boolean ends(String name, String suffix) {
        return name.regionMatches(true, name.length() - suffix.length(), suffix, 0, suffix.length());
    }

    private static boolean isHidden(Path file) {
        return String.valueOf(file.getFileName()).startsWith(".");
    }
}
