package io.flotilla.config.gatewayapi;

import com.google.protobuf.Struct;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.derive.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the status of a Gateway says of one listener. */
final class ListenerStatus {
    private ListenerStatus() {}

    static Struct of(BoundListener listener, int attached) {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(condition(listener, "Accepted").orElse(Condition.yes("Accepted")));
        conditions.add(condition(listener, "Programmed")
                .orElseGet(() -> listener.usable()
                        ? Condition.yes("Programmed")
                        : Condition.no("Programmed", "Invalid", "the listener is not served")));
        conditions.add(condition(listener, "ResolvedRefs").orElse(Condition.yes("ResolvedRefs")));
        conditions.add(condition(listener, "Conflicted").orElse(Condition.no("Conflicted", "NoConflicts", "")));
        return new Json()
                .put("name", listener.listener().getName())
                .put(
                        "supportedKinds",
                        listener.kinds().stream().map(Certificates::kind).toList())
                .put("attachedRoutes", attached)
                .conditions(conditions)
                .build();
    }

    private static Optional<Condition> condition(BoundListener listener, String type) {
        return listener.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }
}
