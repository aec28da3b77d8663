package io.flotilla.service.caller;

import java.util.Optional;

/** One kind of credentials. */
public interface Proof {
    /** What they prove; empty where a call brings none of this kind. */
    Optional<Verdict> check(Credentials credentials);
}
