package io.flotilla.citadel.bootstrap;

import io.flotilla.identity.bootstrap.BootstrapToken;
import java.io.IOException;
import java.util.Optional;

/** Where grants are kept, for all replicas. */
public interface GrantStore {
    void put(BootstrapToken.Grant grant) throws IOException;

    Optional<BootstrapToken.Grant> find(String id) throws IOException;

    /** Takes a grant away; true for exactly one of those who try. */
    boolean take(String id) throws IOException;
}
