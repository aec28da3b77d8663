package io.flotilla.discovery.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last state that Galley sent, in a file: one length-delimited delta response per type, as it came over the wire. It
 * is replaced by rename, so a reader finds a whole file or none.
 */
public final class SavedState {
    private static final String FILE = "mesh.bin";

    private final Path file;

    public SavedState(Path directory) {
        this.file = directory.resolve(FILE);
    }

    /** The state of the last run; empty where there is none, or none that can be read. */
    public Optional<View> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, ResourceSet> types = new HashMap<>();
        Generation generation = Generation.NONE;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            DeltaDiscoveryResponse response = DeltaDiscoveryResponse.parseDelimitedFrom(in);
            while (response != null) {
                Optional<Generation> read = Generation.parse(response.getSystemVersionInfo());
                if (read.isEmpty()) {
                    return Optional.empty();
                }
                generation = read.get();
                types.put(response.getTypeUrl(), resources(response));
                response = DeltaDiscoveryResponse.parseDelimitedFrom(in);
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return types.isEmpty() ? Optional.empty() : Optional.of(new View(generation, types));
    }

    /** Keeps a state; only the owner of the process may read it. */
    public void write(View view) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling(FILE + ".new");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh))) {
            for (Map.Entry<String, ResourceSet> type : view.types().entrySet()) {
                response(type.getKey(), type.getValue(), view.generation()).writeDelimitedTo(out);
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static DeltaDiscoveryResponse response(String typeUrl, ResourceSet resources, Generation generation)
            throws InvalidProtocolBufferException {
        DeltaDiscoveryResponse.Builder response =
                DeltaDiscoveryResponse.newBuilder().setTypeUrl(typeUrl).setSystemVersionInfo(generation.toString());
        for (Resource resource : resources.byName().values()) {
            response.addResources(io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
                    .setName(resource.name())
                    .setVersion(resource.version())
                    .setResource(Any.parseFrom(resource.any())));
        }
        return response.build();
    }

    private static ResourceSet resources(DeltaDiscoveryResponse response) {
        List<Resource> resources = new ArrayList<>();
        for (var resource : response.getResourcesList()) {
            ByteString any = resource.getResource().toByteString();
            resources.add(new Resource(resource.getName(), resource.getVersion(), any));
        }
        return ResourceSet.of(resources);
    }
}
