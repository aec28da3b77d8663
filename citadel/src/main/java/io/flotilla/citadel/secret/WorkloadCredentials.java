package io.flotilla.citadel.secret;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.flotilla.identity.ServiceAccount;
import java.io.IOException;
import java.util.Optional;

/** Certificates and keys of users' own that workloads may read (DestinationRule: {@code tls.credentialName}). */
@FunctionalInterface
public interface WorkloadCredentials {
    /** Nobody gets any. */
    WorkloadCredentials NONE = (reader, name) -> Optional.empty();

    /**
     * What Envoy asks for by this name; empty where there is none, or this reader may not read it. May wait.
     *
     * @param reader of its own namespace alone
     * @param name   "kubernetes://NAME", or with "-cacert" behind it for the authority
     * @throws IOException where nobody can tell now
     */
    Optional<Secret> of(ServiceAccount reader, String name) throws IOException;
}
