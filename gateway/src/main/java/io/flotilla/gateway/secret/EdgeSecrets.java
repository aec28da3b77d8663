package io.flotilla.gateway.secret;

import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.identity.credential.TlsCredential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * The credentials that are in force: those of a directory, read again from time to time. What cannot be used leaves the
 * last good credential of its name in force; a credential that is gone is taken back.
 */
public final class EdgeSecrets {
    private static final Logger LOG = Logger.getLogger("gateway");

    private final Optional<CredentialFolder> folder;
    private final MemorySource source = new MemorySource();
    private final long epoch;
    private Map<String, TlsCredential> inForce = Map.of();
    private List<String> problems = List.of();
    private long sequence;

    /**
     * Nothing is read yet, and nothing served before {@link #reload}.
     *
     * @param directory see {@link CredentialFolder}; empty has no credentials
     * @param namespace the gateway's own
     * @param epoch     of this process, in milliseconds since 1970
     */
    public EdgeSecrets(Optional<Path> directory, String namespace, long epoch) {
        this.folder = directory.map(path -> new CredentialFolder(path, namespace));
        this.epoch = epoch;
    }

    /** What an Envoy is served from. */
    public DiscoverySource source() {
        return source;
    }

    /** Reads the directory again and publishes what has changed. */
    public synchronized void reload() {
        CredentialFolder.Content content = read();
        if (!content.problems().equals(problems)) {
            content.problems().forEach(problem -> LOG.warn(problem));
            problems = content.problems();
        }
        Map<String, TlsCredential> next = new TreeMap<>(content.credentials());
        inForce.forEach((name, credential) -> {
            if (problems.stream().anyMatch(problem -> problem.contains(credential + ": "))) {
                next.putIfAbsent(name, credential);
            }
        });
        if (sequence == 0 || !next.equals(inForce)) {
            publish(next);
        }
    }

    private CredentialFolder.Content read() {
        if (folder.isEmpty()) {
            return new CredentialFolder.Content(Map.of(), List.of());
        }
        try {
            return folder.get().read();
        } catch (IOException e) {
            // A directory that cannot be read is not an empty one.
            return new CredentialFolder.Content(
                    inForce, List.of(folder.get().directory() + ": cannot be read: " + e.getMessage()));
        }
    }

    private void publish(Map<String, TlsCredential> next) {
        List<Resource> resources = next.values().stream()
                .flatMap(each -> each.secrets().stream())
                .map(secret -> Resource.of(secret.getName(), secret))
                .toList();
        sequence++;
        inForce = Map.copyOf(next);
        source.publish(new View(
                new Generation(epoch, Map.of("secrets", sequence)),
                Map.of(TypeUrls.SECRET, ResourceSet.of(resources))));
        LOG.infof("serving credentials %s", new TreeMap<>(next).keySet());
    }

    /** Names in force. */
    public synchronized List<String> names() {
        return inForce.keySet().stream().sorted().toList();
    }

    /** What cannot be used, and why. */
    public synchronized List<String> problems() {
        return problems;
    }
}
