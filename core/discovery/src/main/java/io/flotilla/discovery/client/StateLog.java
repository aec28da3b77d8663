package io.flotilla.discovery.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Steps from a whole state to later ones, in a file. Each is its length, its checksum, and length-delimited delta
 * responses: the first says of which whole state it is (its nonce) and to which generation it leads, each of the others
 * what changed of a type. The first that is not whole ends the file, as a process leaves it that was killed.
 */
final class StateLog {
    private static final int HEAD = 8;

    private final Path file;
    private long size;

    StateLog(Path file) {
        this.file = file;
    }

    /** Bytes that were appended since the file was cleared. */
    long size() {
        return size;
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
        size = 0;
    }

    /**
     * Appends one step; both views have the same types.
     *
     * @param whole name of the whole state
     */
    void append(String whole, View before, View after) throws IOException {
        ByteArrayOutputStream step = new ByteArrayOutputStream();
        DeltaDiscoveryResponse.newBuilder()
                .setNonce(whole)
                .setSystemVersionInfo(after.generation().toString())
                .build()
                .writeDelimitedTo(step);
        for (Map.Entry<String, ResourceSet> type : after.types().entrySet()) {
            ResourceDiff diff = ResourceDiff.between(before.type(type.getKey()), type.getValue());
            if (!diff.isEmpty()) {
                with(DeltaDiscoveryResponse.newBuilder().setTypeUrl(type.getKey()), diff.changed())
                        .addAllRemovedResources(diff.removed())
                        .build()
                        .writeDelimitedTo(step);
            }
        }
        byte[] content = step.toByteArray();
        byte[] all = ByteBuffer.allocate(HEAD + content.length)
                .putInt(content.length)
                .putInt(checksum(content))
                .put(content)
                .array();
        // One that somebody has taken away is not begun anew: what it held would be missing.
        try (OutputStream out = size == 0
                ? Files.newOutputStream(
                        file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)
                : Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            out.write(all);
        }
        size += all.length;
    }

    /** The state after all whole steps from this one. */
    View after(String whole, View view) {
        Map<String, Map<String, @Nullable Resource>> edits = new HashMap<>();
        Generation generation = view.generation();
        for (byte[] content : contents()) {
            Optional<Generation> led = read(whole, content, edits);
            if (led.isEmpty()) {
                break;
            }
            generation = led.get();
        }
        Map<String, ResourceSet> types = new HashMap<>(view.types());
        edits.forEach((type, byName) -> {
            List<Resource> changed = new ArrayList<>();
            List<String> removed = new ArrayList<>();
            byName.forEach((name, resource) -> {
                if (resource == null) {
                    removed.add(name);
                } else {
                    changed.add(resource);
                }
            });
            types.put(type, types.getOrDefault(type, ResourceSet.EMPTY).with(changed, removed));
        });
        return new View(generation, types);
    }

    private List<byte[]> contents() {
        List<byte[]> contents = new ArrayList<>();
        if (!Files.exists(file)) {
            return contents;
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            while (true) {
                int length = in.readInt();
                int checksum = in.readInt();
                byte[] content = length < 0 ? new byte[0] : in.readNBytes(length);
                if (content.length != length || checksum(content) != checksum) {
                    return contents;
                }
                contents.add(content);
            }
        } catch (EOFException e) {
            return contents;
        } catch (IOException e) {
            // What was read before is a state that was in force.
            return contents;
        }
    }

    // Empty where the step is of another whole state, or cannot be read: then it edits nothing.
    private static Optional<Generation> read(
            String whole, byte[] content, Map<String, Map<String, @Nullable Resource>> edits) {
        List<DeltaDiscoveryResponse> types = new ArrayList<>();
        try (InputStream in = new ByteArrayInputStream(content)) {
            DeltaDiscoveryResponse head = DeltaDiscoveryResponse.parseDelimitedFrom(in);
            if (head == null || whole.isEmpty() || !head.getNonce().equals(whole)) {
                return Optional.empty();
            }
            DeltaDiscoveryResponse type = DeltaDiscoveryResponse.parseDelimitedFrom(in);
            while (type != null) {
                types.add(type);
                type = DeltaDiscoveryResponse.parseDelimitedFrom(in);
            }
            Optional<Generation> generation = Generation.parse(head.getSystemVersionInfo());
            if (generation.isPresent()) {
                types.forEach(each -> edit(edits.computeIfAbsent(each.getTypeUrl(), url -> new TreeMap<>()), each));
            }
            return generation;
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void edit(Map<String, @Nullable Resource> byName, DeltaDiscoveryResponse type) {
        type.getRemovedResourcesList().forEach(name -> byName.put(name, null));
        resources(type).forEach(resource -> byName.put(resource.name(), resource));
    }

    private static int checksum(byte[] content) {
        CRC32C sum = new CRC32C();
        sum.update(content);
        return (int) sum.getValue();
    }

    /** Takes resources into a response. */
    static DeltaDiscoveryResponse.Builder with(DeltaDiscoveryResponse.Builder response, Collection<Resource> resources)
            throws InvalidProtocolBufferException {
        for (Resource resource : resources) {
            response.addResources(io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
                    .setName(resource.name())
                    .setVersion(resource.version())
                    .setResource(Any.parseFrom(resource.any())));
        }
        return response;
    }

    /** The resources of a response. */
    static List<Resource> resources(DeltaDiscoveryResponse response) {
        List<Resource> resources = new ArrayList<>();
        response.getResourcesList()
                .forEach(each -> resources.add(new Resource(
                        each.getName(), each.getVersion(), each.getResource().toByteString())));
        return resources;
    }
}
