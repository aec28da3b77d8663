package io.flotilla.citadel.admin;

import io.flotilla.api.identity.v1.StatusResponse;
import java.util.Optional;

/** How the authority stands, and the changes that operators ask of it. */
public interface AuthorityState {
    StatusResponse status();

    /** Begins to replace the root; says why where that cannot be. */
    Optional<String> rotate();
}
