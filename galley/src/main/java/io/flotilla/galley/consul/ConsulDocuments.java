package io.flotilla.galley.consul;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.galley.source.HeldDeletions;
import io.flotilla.galley.source.MassDeletionGuard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the catalog means, what of it was told, and what must wait since too much would go. For one thread but where said. */
final class ConsulDocuments {
    private static final Duration IDLE = Duration.ofDays(1);

    private final ConsulObjects objects;
    private final MassDeletionGuard guard;
    private final Map<String, SortedMap<String, String>> byService = new HashMap<>();
    /** For any thread. */
    private final Map<String, Set<String>> nodes = new ConcurrentHashMap<>();

    private final SortedMap<String, String> told = new TreeMap<>();
    private volatile MassDeletionGuard.@Nullable Pending pending;

    ConsulDocuments(ConsulObjects objects, MassDeletionGuard guard) {
        this.objects = objects;
        this.guard = guard;
    }

    /** The instances of a service, as /v1/health/service tells them. */
    void take(String service, JsonNode instances) {
        List<ConsulInstance> known = new ArrayList<>();
        Set<String> on = new HashSet<>();
        for (JsonNode each : instances) {
            on.add(each.path("Node").path("Node").asText());
            ConsulInstance.of(each).ifPresent(known::add);
        }
        nodes.put(service, Set.copyOf(on));
        byService.put(service, objects.of(service, known));
    }

    void gone(String service) {
        nodes.remove(service);
        byService.remove(service);
    }

    /** Services that are known; for any thread. */
    Set<String> services() {
        return Set.copyOf(nodes.keySet());
    }

    /** Services with instances on a node; for any thread. */
    Set<String> onNode(String node) {
        Set<String> found = new TreeSet<>();
        nodes.forEach((service, on) -> {
            if (on.contains(node)) {
                found.add(service);
            }
        });
        return found;
    }

    /** What is to be told now; counts as told. */
    Map<String, Optional<String>> changes(Instant now) {
        Map<String, String> all = new TreeMap<>();
        byService.values().forEach(all::putAll);
        Map<String, Optional<String>> changes = new TreeMap<>();
        all.forEach((name, text) -> {
            if (!text.equals(told.get(name))) {
                changes.put(name, Optional.of(text));
            }
        });
        Set<String> missing = new TreeSet<>(told.keySet());
        missing.removeAll(all.keySet());
        if (missing.isEmpty()) {
            pending = null;
        } else {
            switch (guard.decide(told.size(), missing, pending, now)) {
                case MassDeletionGuard.Decision.Delete(Set<String> names) -> {
                    names.forEach(name -> changes.put(name, Optional.empty()));
                    pending = null;
                }
                case MassDeletionGuard.Decision.Hold(MassDeletionGuard.Pending held) -> pending = held;
            }
        }
        changes.forEach(
                (name, text) -> text.ifPresentOrElse(content -> told.put(name, content), () -> told.remove(name)));
        return changes;
    }

    /** How long until the catalog is to be asked again whether it really lost so much. */
    Duration untilConfirmation(Instant now) {
        MassDeletionGuard.Pending held = pending;
        if (held == null) {
            return IDLE;
        }
        Duration left = Duration.between(now, guard.due(held));
        return left.isNegative() ? Duration.ofMillis(1) : left.plusMillis(1);
    }

    /** What waits. For any thread. */
    List<HeldDeletions> heldDeletions() {
        MassDeletionGuard.Pending held = pending;
        return held == null ? List.of() : List.of(HeldDeletions.of("catalog", held));
    }

    /** What waits is meant: it counts with the next look. For any thread. */
    void confirm() {
        MassDeletionGuard.Pending held = pending;
        if (held != null) {
            pending = new MassDeletionGuard.Pending(held.names(), Instant.EPOCH);
        }
    }

    /** What waits, in words; empty where nothing does. For any thread. */
    String held() {
        MassDeletionGuard.Pending held = pending;
        return held == null
                ? ""
                : held.names().size()
                        + " objects are gone from Consul, more than half: they stay until it says so again";
    }

    /** Since when something waits. For any thread. */
    Instant heldSince() {
        MassDeletionGuard.Pending held = pending;
        return held == null ? Instant.EPOCH : held.since();
    }
}
