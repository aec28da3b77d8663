package io.flotilla.citadel.bootstrap;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.bootstrap.BootstrapToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Grants as files of four lines: hash, namespace, service account, end. Taking one is deleting its file, which
 * succeeds once.
 *
 * @param folder made where it is missing, for its owner alone
 */
public record GrantFolder(Path folder) implements GrantStore {
    private static final int LINES = 4;

    @Override
    public void put(BootstrapToken.Grant grant) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path draft = folder.resolve("." + grant.id());
        Files.writeString(
                draft,
                String.join(
                        "\n",
                        grant.secretHash(),
                        grant.account().namespace(),
                        grant.account().name(),
                        grant.expiresAt().toString()),
                StandardCharsets.US_ASCII);
        Files.move(draft, file(grant.id()), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public Optional<BootstrapToken.Grant> find(String id) throws IOException {
        try {
            List<String> lines = Files.readAllLines(file(id), StandardCharsets.US_ASCII);
            if (lines.size() != LINES) {
                throw new IOException(file(id) + " is damaged; delete it and make another token");
            }
            Instant end = Instant.parse(lines.get(3));
            return ServiceAccount.parse(lines.get(1), lines.get(2))
                    .map(account -> new BootstrapToken.Grant(id, lines.getFirst(), account, end));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DateTimeException e) {
            throw new IOException(file(id) + " is damaged; delete it and make another token", e);
        }
    }

    @Override
    public boolean take(String id) throws IOException {
        return Files.deleteIfExists(file(id));
    }

    private Path file(String id) {
        return folder.resolve(id);
    }
}
