package io.flotilla.citadel.bootstrap;

import io.flotilla.identity.bootstrap.BootstrapToken;
import io.flotilla.identity.issue.Caller;
import io.flotilla.service.caller.Credentials;
import io.flotilla.service.caller.Proof;
import io.flotilla.service.caller.Verdict;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;

/** A one-time token of a machine: good for one certificate, by which it renews from then on. */
public final class BootstrapProof implements Proof {
    private static final Logger LOG = Logger.getLogger("citadel");

    private final GrantStore store;
    private final Clock clock;

    public BootstrapProof(GrantStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Optional<Verdict> check(Credentials credentials) {
        return credentials.bearer().flatMap(BootstrapToken::parse).map(this::judged);
    }

    private Verdict judged(BootstrapToken token) {
        try {
            Optional<BootstrapToken.Grant> grant = store.find(token.id());
            // A token that was used and one that never was are told apart by nobody but us.
            Optional<String> refusal = grant.isEmpty()
                    ? Optional.of("bootstrap token " + token.id() + " is not one of ours, or was used")
                    : grant.get().refusal(token, clock.instant());
            return refusal.<Verdict>map(Verdict.Unproven::new).orElseGet(() -> proven(token, grant.orElseThrow()));
        } catch (IOException e) {
            LOG.errorf("bootstrap tokens cannot be read: %s", e.getMessage());
            return new Verdict.Unavailable("bootstrap tokens cannot be read now");
        }
    }

    private Verdict proven(BootstrapToken token, BootstrapToken.Grant grant) {
        Caller caller = new Caller(grant.account(), "bootstrap token " + token.id());
        return new Verdict.Proven(caller, grant.expiresAt(), () -> take(token.id()));
    }

    private boolean take(String id) {
        try {
            return store.take(id);
        } catch (IOException e) {
            LOG.errorf("bootstrap token %s cannot be taken: %s", id, e.getMessage());
            return false;
        }
    }
}
