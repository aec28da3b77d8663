package io.flotilla.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An image as an engine reads it from a file.
 *
 * @param tags   its names
 * @param config its configuration
 * @param layers files of each, by path
 */
record ImageTar(List<String> tags, JsonNode config, List<Map<String, File>> layers) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A file of a layer. */
    record File(String text, int mode, long seconds, long user) {}

    static ImageTar read(Path file) throws IOException {
        Map<String, byte[]> members = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                members.put(entry.getName(), tar.readAllBytes());
            }
        }
        JsonNode manifest = JSON.readTree(bytes(members, "manifest.json")).get(0);
        List<Map<String, File>> layers = new ArrayList<>();
        for (JsonNode layer : manifest.get("Layers")) {
            layers.add(files(new GZIPInputStream(new ByteArrayInputStream(bytes(members, layer.asText())))));
        }
        return new ImageTar(
                JSON.convertValue(
                        manifest.get("RepoTags"),
                        JSON.getTypeFactory().constructCollectionType(List.class, String.class)),
                JSON.readTree(bytes(members, manifest.get("Config").asText())),
                layers);
    }

    private static byte[] bytes(Map<String, byte[]> members, String name) throws IOException {
        byte[] bytes = members.get(name);
        if (bytes == null) {
            throw new IOException("no " + name + " among " + members.keySet());
        }
        return bytes;
    }

    private static Map<String, File> files(InputStream layer) throws IOException {
        Map<String, File> files = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(layer)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile()) {
                    files.put(
                            "/" + entry.getName(),
                            new File(
                                    new String(tar.readAllBytes(), StandardCharsets.UTF_8),
                                    entry.getMode() & 0777,
                                    entry.getLastModifiedTime().toInstant().getEpochSecond(),
                                    entry.getLongUserId()));
                }
            }
        }
        return files;
    }
}
