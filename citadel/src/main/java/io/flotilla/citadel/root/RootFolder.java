package io.flotilla.citadel.root;

import io.flotilla.identity.authority.Authority;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A self-signed root in a folder that only its owner enters: root-cert.pem, and root-key.pem with mode 0600. Made once;
 * a root that is there is never replaced, not even a damaged one.
 *
 * @param folder made where it is missing
 */
public record RootFolder(Path folder) implements RootStore {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_READS = PosixFilePermissions.fromString("rw-------");

    @Override
    public Authority loadOrCreate(NewRoot wanted, Instant now, SecureRandom random) throws IOException {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !Files.exists(key())) {
                create(wanted.make(now, random));
            }
        }
        return load();
    }

    private Authority load() throws IOException {
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(key());
        if (rights.contains(PosixFilePermission.OTHERS_READ) || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(key() + " can be read by others (" + PosixFilePermissions.toString(rights)
                    + "): set its mode to 0600, and think of the root as known to them");
        }
        // A kubelet gives a volume's files to the pod's group (fsGroup) each time that it mounts them.
        Files.setPosixFilePermissions(key(), OWNER_READS);
        String key = Files.readString(key());
        if (Files.exists(waiting())
                && Authority.parse(Files.readString(waiting()), key).isPresent()) {
            Files.move(waiting(), certificate(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return Authority.parse(Files.readString(certificate()), key)
                .orElseThrow(() -> new IOException(certificate() + " and " + key()
                        + " are no signing certificate and its key; restore them, or move both away for a new root"));
    }

    /** Under the lock. The key comes last: a root is there when its key is there. */
    private void create(Authority root) throws IOException {
        publish(certificate(), root.certificatePem());
        secretly(key(), root.keyPem());
    }

    @Override
    public Map<String, String> read() throws IOException {
        Map<String, String> found = new HashMap<>();
        for (String name : List.of(OTHER_CERTIFICATE, OTHER_KEY, ROTATION)) {
            if (Files.exists(folder.resolve(name))) {
                found.put(name, Files.readString(folder.resolve(name)));
            }
        }
        return Map.copyOf(found);
    }

    @Override
    public void write(Map<String, String> entries) throws IOException {
        for (String name : List.of(OTHER_KEY, OTHER_CERTIFICATE, ROTATION)) {
            String text = entries.get(name);
            if (text != null && text.isEmpty()) {
                Files.deleteIfExists(folder.resolve(name));
            } else if (text != null) {
                secretly(folder.resolve(name), text);
            }
        }
    }

    /** Two files cannot change at once: the new certificate waits beside, so that {@link #load} can end a cut. */
    @Override
    public void promote(Authority root) throws IOException {
        Files.writeString(waiting(), root.certificatePem(), StandardOpenOption.CREATE, StandardOpenOption.SYNC);
        secretly(key(), root.keyPem());
        Files.move(waiting(), certificate(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path waiting() {
        return folder.resolve(".root-cert.promoted");
    }

    private static void secretly(Path file, String text) throws IOException {
        Path draft = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_READS));
        Files.writeString(draft, text, StandardOpenOption.SYNC);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Replaces a file for everybody at once. */
    public static void publish(Path file, String content) throws IOException {
        Path target = file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path draft = target.resolveSibling("." + target.getFileName() + ".new");
        Files.writeString(
                draft,
                content,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path certificate() {
        return folder.resolve("root-cert.pem");
    }

    private Path key() {
        return folder.resolve("root-key.pem");
    }
}
