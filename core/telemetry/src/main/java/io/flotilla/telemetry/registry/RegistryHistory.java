package io.flotilla.telemetry.registry;

import io.flotilla.api.registry.v1.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The registry over the last minute, so that an address is joined as of the time of the call: addresses are used again,
 * and records arrive after the fact. Immutable.
 */
public final class RegistryHistory {
    /** How long after a pod's first call the registry may come to know the pod. */
    static final Duration LAG = Duration.ofSeconds(5);

    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int MOST = 64;

    private record Since(Instant instant, Registry registry) {}

    private final List<Since> states;

    private RegistryHistory(List<Since> states) {
        this.states = List.copyOf(states);
    }

    /** A history that knows nothing. */
    public static RegistryHistory empty() {
        return new RegistryHistory(List.of());
    }

    /** The history with one more state, which holds from {@code now} on. */
    public RegistryHistory with(Registry registry, Instant now) {
        List<Since> next = new ArrayList<>(states);
        next.add(new Since(now, registry));
        // The oldest state that is kept also answers for all of the time before it.
        while (next.size() > MOST || (next.size() > 1 && next.get(1).instant().isBefore(now.minus(KEPT)))) {
            next.removeFirst();
        }
        return new RegistryHistory(next);
    }

    /** The newest state. */
    public Registry latest() {
        return states.isEmpty() ? Registry.empty() : states.getLast().registry();
    }

    /**
     * Who had an address at a time: the owner then, or the first one that turns up within {@link #LAG}, since a pod may
     * call before the registry knows it. Empty where the address changed hands so close to that time that either owner
     * could be meant.
     */
    public Optional<Workload> byAddress(String network, String address, Instant time) {
        Optional<Workload> owner = Optional.empty();
        for (int index = indexAt(time); index < states.size(); index++) {
            Since state = states.get(index);
            if (state.instant().isAfter(time.plus(LAG)) && index > indexAt(time)) {
                break;
            }
            Optional<Workload> found = state.registry().workloadByAddress(network, address);
            if (owner.isPresent() && found.isPresent() && !sameInstance(owner.get(), found.get())) {
                return Optional.empty();
            }
            owner = owner.isPresent() ? owner : found;
        }
        return owner;
    }

    /** The pod of that name, also one that is gone since. */
    public Optional<Workload> byName(String namespace, String name) {
        return states.reversed().stream()
                .flatMap(state -> state.registry().workload(namespace, name).stream())
                .findFirst();
    }

    private int indexAt(Instant time) {
        int index = 0;
        while (index + 1 < states.size() && !states.get(index + 1).instant().isAfter(time)) {
            index++;
        }
        return index;
    }

    private static boolean sameInstance(Workload one, Workload other) {
        return one.getNamespace().equals(other.getNamespace())
                && one.getName().equals(other.getName())
                && one.getUid().equals(other.getUid())
                && one.getCluster().equals(other.getCluster());
    }
}
