package io.flotilla.citadel.secret;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.flotilla.discovery.Resource;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.credential.TlsCredential;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/** The credentials that one stream asks for, as they are now: a right that is taken away takes them back. */
final class CredentialWatch {
    private static final Logger LOG = Logger.getLogger("citadel");

    private final WorkloadCredentials credentials;
    private final ServiceAccount reader;
    private volatile SortedSet<String> wanted = new TreeSet<>();
    private volatile Map<String, Resource> held = Map.of();

    CredentialWatch(WorkloadCredentials credentials, ServiceAccount reader) {
        this.credentials = credentials;
        this.reader = reader;
    }

    /** Of the names that the client wants now; true where these are other credentials than before. */
    boolean want(Collection<String> names) {
        SortedSet<String> now = new TreeSet<>(names);
        now.removeIf(name -> !name.startsWith(TlsCredential.OF_WORKLOADS));
        boolean others = !now.equals(wanted);
        wanted = now;
        return others;
    }

    boolean idle() {
        return wanted.isEmpty();
    }

    /** Reads all of them again, which may wait. What nobody can tell now stays as it was. True where something changed. */
    synchronized boolean look() {
        Map<String, Resource> now = new TreeMap<>();
        for (String name : wanted) {
            found(name).ifPresent(resource -> now.put(name, resource));
        }
        boolean changed = !now.equals(held);
        held = now;
        return changed;
    }

    private Optional<Resource> found(String name) {
        try {
            Optional<Secret> secret = credentials.of(reader, name);
            if (secret.isEmpty() && held.containsKey(name)) {
                LOG.infof("%s has %s no longer", reader, name);
            }
            return secret.map(each -> Resource.of(name, each));
        } catch (IOException e) {
            LOG.warnf("%s for %s cannot be read now: %s", name, reader, e.getMessage());
            return Optional.ofNullable(held.get(name));
        }
    }

    List<Resource> resources() {
        return List.copyOf(held.values());
    }
}
