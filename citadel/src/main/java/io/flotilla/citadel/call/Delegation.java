package io.flotilla.citadel.call;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.identity.Shown;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.issue.Caller;
import io.flotilla.identity.issue.DelegationPolicy;
import io.flotilla.identity.issue.ServerNames;
import java.util.Optional;

/** A caller that asks in another's name, as node agents do: only where a policy says so. */
public record Delegation(DelegationPolicy policy, TrustDomain domain, ServerNames servers) {
    /** The field of a request's metadata that names whom it is for. */
    private static final String FIELD = "ImpersonatedIdentity";

    /** Who is to get the certificate, or why not. */
    sealed interface Outcome {
        record For(Caller caller) implements Outcome {}

        record Refused(String message) implements Outcome {}
    }

    Outcome resolve(Caller caller, Struct metadata) {
        String wanted =
                metadata.getFieldsOrDefault(FIELD, Value.getDefaultInstance()).getStringValue();
        if (wanted.isEmpty()) {
            return new Outcome.For(caller);
        }
        Optional<SpiffeId> id =
                SpiffeId.parse(wanted).filter(each -> each.trustDomain().equals(domain));
        return id.isPresent() && policy.allows(caller.account(), id.get().account(), servers)
                ? new Outcome.For(new Caller(id.get().account(), "delegate " + caller.account() + " by " + caller.by()))
                : new Outcome.Refused(caller.account() + " may not ask in the name of \"" + Shown.of(wanted)
                        + "\"; a delegation must be set for it");
    }
}
