package io.flotilla.discovery.client;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The last state that Galley sent, in a folder: a whole state, one length-delimited delta response per type, as it came
 * over the wire, and beside it what has changed since, so that keeping a change costs what the change is large. The whole
 * is replaced by rename, so a reader finds all of it or none, and written anew when the changes are as large as it.
 */
public final class SavedState {
    private static final String FILE = "mesh.bin";
    private static final String CHANGES = "mesh.log";
    /** Changes may take this many bytes however small the whole is. */
    private static final long SMALL = 1 << 18;

    private final Path file;
    private final StateLog changes;
    // Of the whole that this process wrote.
    private String name = "";
    private long size;
    // What the files say; null where this process does not know.
    private @Nullable View written;

    public SavedState(Path directory) {
        this.file = directory.resolve(FILE);
        this.changes = new StateLog(directory.resolve(CHANGES));
    }

    /** The state of the last run; empty where there is none, or none that can be read. */
    public Optional<View> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, ResourceSet> types = new HashMap<>();
        Generation generation = Generation.NONE;
        String whole = "";
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            DeltaDiscoveryResponse response = DeltaDiscoveryResponse.parseDelimitedFrom(in);
            while (response != null) {
                Optional<Generation> read = Generation.parse(response.getSystemVersionInfo());
                if (read.isEmpty()) {
                    return Optional.empty();
                }
                generation = read.get();
                whole = response.getNonce();
                types.put(response.getTypeUrl(), ResourceSet.of(StateLog.resources(response)));
                response = DeltaDiscoveryResponse.parseDelimitedFrom(in);
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return types.isEmpty() ? Optional.empty() : Optional.of(changes.after(whole, new View(generation, types)));
    }

    /** Keeps a state. */
    public synchronized void write(View view) throws IOException {
        View before = written;
        // Should this fail, nobody knows what the files hold.
        written = null;
        if (before != null
                && before.types().keySet().equals(view.types().keySet())
                && changes.size() < Math.max(size, SMALL)
                && Files.exists(file)) {
            changes.append(name, before, view);
        } else {
            whole(view);
        }
        written = view;
    }

    private void whole(View view) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling(FILE + ".new");
        name = UUID.randomUUID().toString();
        try (FileChannel channel = FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            for (Map.Entry<String, ResourceSet> type : view.types().entrySet()) {
                response(type.getKey(), type.getValue(), view.generation()).writeDelimitedTo(out);
            }
            out.flush();
            // Else a machine that fails may have renamed what it has not written.
            channel.force(true);
            size = channel.size();
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        changes.clear();
    }

    private DeltaDiscoveryResponse response(String typeUrl, ResourceSet resources, Generation generation)
            throws InvalidProtocolBufferException {
        DeltaDiscoveryResponse.Builder response = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(typeUrl)
                .setSystemVersionInfo(generation.toString())
                .setNonce(name);
        return StateLog.with(response, resources.resources()).build();
    }
}
