package io.flotilla.citadel;

import io.flotilla.citadel.admin.AuthorityState;
import io.flotilla.citadel.backend.Backend;
import io.flotilla.citadel.revoke.RevocationLists;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.Trust;
import java.time.Instant;
import java.util.function.Consumer;

/** Keeps a backend up to date. */
interface Keeper extends AuthorityState {
    Backend backend();

    /** What the seal of SDS versions is derived from: the same for all replicas where they share an authority. */
    Authority shared();

    /** Everybody whose leaves may be met, and whose keys are here. */
    RevocationLists.Issuers issuers();

    /** Until when the backend can sign, if nobody does anything. */
    Instant end();

    /** Looks again; tells where who signs or who is believed has changed. */
    void look(Consumer<Trust> changed);
}
