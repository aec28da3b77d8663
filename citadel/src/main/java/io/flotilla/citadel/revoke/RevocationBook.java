package io.flotilla.citadel.revoke;

import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.identity.revocation.RevocationSet;
import io.flotilla.identity.revocation.Revocations;
import java.io.IOException;
import java.util.List;

/** What is revoked, and where a revocation is written down. */
public interface RevocationBook {
    /** All, the oldest first. */
    List<Revocation> all();

    /** The same, read. */
    RevocationSet set();

    /** Takes one, for good, where this is the place for it; a malformed one is told by the message. */
    Revocations.Outcome take(Revocation revocation) throws IOException;

    /** Whether a revocation is an object of the mesh, which whoever asks for it has to apply. */
    boolean byObject();
}
