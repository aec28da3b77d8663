package io.flotilla.pilot.push;

import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Moves;
import io.flotilla.envoy.PartSteps;
import io.flotilla.envoy.ResourceType;
import io.flotilla.envoy.Steps;
import io.flotilla.envoy.cluster.Discovery;
import io.flotilla.pilot.feed.MeshState;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How far a change goes.
 *
 * @param types   to translate again
 * @param chosen  to translate again for proxies whose clusters follow routes or Gateways
 * @param moves   all that has changed, where that is little
 * @param moved   services whose endpoints have moved, where there is nothing but moves
 * @param peers   hosts behind which others are expected than before
 * @param proxies whether proxies may have another view than before
 */
record Reach(
        Set<ResourceType> types,
        Set<ResourceType> chosen,
        Optional<Moves> moves,
        List<MeshService> moved,
        Set<String> peers,
        boolean proxies) {

    /** Of a state that may differ from the one before in what it says. */
    static Reach of(MeshState state) {
        Optional<Moves> moves = state.moves();
        if (moves.isPresent()) {
            List<MeshService> moved = new ArrayList<>();
            moves.get()
                    .endpoints()
                    .forEach(host -> moved.addAll(state.snapshot().services(host)));
            if (moved.stream().allMatch(Reach::assigned)) {
                moves.get()
                        .services()
                        .forEach(host -> moved.addAll(state.snapshot().services(host)));
                return small(moves.get(), moved);
            }
        }
        return anything(state);
    }

    // Without a load assignment, clusters or listeners tell the endpoints.
    private static boolean assigned(MeshService service) {
        return service.resolution() == MeshService.Resolution.REGISTRY && !Discovery.headless(service);
    }

    private static Reach small(Moves moves, List<MeshService> moved) {
        if (!moves.services().isEmpty()) {
            Set<ResourceType> all = EnumSet.allOf(ResourceType.class);
            // Labels that only one replica has matter where a service selects by them.
            return new Reach(all, all, Optional.of(moves), moved, Set.of(), true);
        }
        Set<ResourceType> types = EnumSet.noneOf(ResourceType.class);
        Set<ResourceType> chosen = EnumSet.noneOf(ResourceType.class);
        if (!moves.endpoints().isEmpty()) {
            types.add(ResourceType.ENDPOINT);
        }
        if (!moves.routes().isEmpty()) {
            types.add(ResourceType.ROUTE);
            chosen.addAll(Impact.imported(Impact.of(Set.of(Kind.VIRTUAL_SERVICE))));
        }
        chosen.addAll(types);
        return new Reach(types, chosen, Optional.of(moves), moved, Set.of(), false);
    }

    /** Of a state before which one was not taken to the end: whatever that changed may be missing. */
    static Reach everything() {
        Set<ResourceType> all = EnumSet.allOf(ResourceType.class);
        return new Reach(all, all, Optional.empty(), List.of(), Set.of(), true);
    }

    /** Of a state about which nothing is known but the kinds of what has changed. */
    static Reach anything(MeshState state) {
        Set<ResourceType> types = Impact.of(state.changed());
        return new Reach(
                types,
                types.contains(ResourceType.ROUTE) ? Impact.imported(types) : types,
                Optional.empty(),
                List.of(),
                Set.of(),
                Impact.movesProxies(state.changed()));
    }

    /** The same, and the clusters of hosts behind which others are expected than before. */
    Reach expecting(Set<String> hosts) {
        Set<ResourceType> more = EnumSet.of(ResourceType.CLUSTER);
        more.addAll(types);
        Set<ResourceType> all = EnumSet.of(ResourceType.CLUSTER);
        all.addAll(chosen);
        return new Reach(more, all, moves, moved, hosts, proxies);
    }

    /** What was made before is not what it would be made now, as far as this goes. */
    void tell(Steps steps) {
        if (moves.isPresent()) {
            steps.moved(moves.get(), peers);
            return;
        }
        tell(steps.endpoints(), ResourceType.ENDPOINT);
        tell(steps.clusters(), ResourceType.CLUSTER);
        tell(steps.routes(), ResourceType.ROUTE);
        tell(steps.listeners(), ResourceType.LISTENER);
        tell(steps.inbound(), ResourceType.LISTENER);
    }

    private void tell(PartSteps<?> steps, ResourceType type) {
        if (types.contains(type)) {
            steps.forget();
        } else if (chosen.contains(type)) {
            steps.imported();
        }
    }
}
