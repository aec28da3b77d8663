package io.flotilla.citadel.audit;

import io.flotilla.identity.issue.Caller;
import java.util.Map;

/** Is told what operators did. */
public interface Acts {
    /** Tells nobody. */
    Acts NONE = (caller, action, object, details) -> {};

    /**
     * Something was done.
     *
     * @param action "certificate.revoked", "root.rotation-begun", "bootstrap-token.made"
     * @param object what it was done to
     */
    void act(Caller caller, String action, String object, Map<String, String> details);
}
