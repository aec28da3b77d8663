package io.flotilla.citadel.federation;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/** What a start without Galley, or without the other meshes, goes on with; a folder, or nothing. */
final class BundleStore {
    private static final String MESH = "mesh";

    private final Optional<Path> folder;

    BundleStore(Optional<Path> folder) {
        this.folder = folder;
    }

    /** A document as it was fetched. */
    record Kept(String json, Instant fetched) {}

    /** What MeshConfig last said of trust. */
    MeshConfig mesh() throws IOException {
        Optional<Path> file = folder.map(each -> each.resolve(MESH)).filter(Files::exists);
        return file.isEmpty() ? MeshConfig.getDefaultInstance() : MeshConfig.parseFrom(Files.readAllBytes(file.get()));
    }

    void keep(MeshConfig trust) throws IOException {
        write(MESH, trust.toByteArray());
    }

    Optional<Kept> bundle(String domain) throws IOException {
        Optional<Path> file = folder.map(each -> each.resolve(domain + ".json")).filter(Files::exists);
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(new Kept(
                        Files.readString(file.get()),
                        Files.getLastModifiedTime(file.get()).toInstant()));
    }

    void keep(String domain, String json) throws IOException {
        write(domain + ".json", json.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String name, byte[] content) throws IOException {
        if (folder.isPresent()) {
            Files.createDirectories(folder.get());
            Path fresh = Files.write(folder.get().resolve(name + ".new"), content);
            Files.move(
                    fresh,
                    folder.get().resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
