package io.flotilla.pilot.push;

import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.SharedResources;
import io.flotilla.envoy.Steps;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.patch.Quarantine;
import io.flotilla.pilot.feed.MeshState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/**
 * What translations are made of beside the mesh: the resources that views share, the identities that are expected of
 * peers, what the last change asks for. Not for several threads.
 */
final class Scopes {
    // Identities that left are forgotten at this pace, however many changes come.
    private static final Duration PEERS_ALL = Duration.ofSeconds(10);

    private final Tuning tuning;
    private final InstantSource clock;
    private final RememberedPeers peers;
    private final SharedResources cache = new SharedResources();
    private final Steps steps = new Steps();
    private Scope.Caches caches = new Scope.Caches(cache, new SharedResources(), steps);
    private Instant observed = Instant.MIN;

    Scopes(Tuning tuning, Duration peerMemory, InstantSource clock) {
        this.tuning = tuning;
        this.clock = clock;
        this.peers = new RememberedPeers(peerMemory);
    }

    /** The mesh has changed: how far that reaches, with the peers that are other ones now. */
    Reach begin(MeshState state, Reach reach) {
        Set<String> hosts = observe(state, reach);
        Reach whole = hosts.isEmpty() ? reach : reach.expecting(hosts);
        renew();
        whole.tell(steps);
        return whole;
    }

    private Set<String> observe(MeshState state, Reach reach) {
        Instant now = clock.instant();
        if (reach.moves().isPresent() && now.isBefore(observed.plus(PEERS_ALL))) {
            return peers.observe(state.snapshot(), reach.moved(), now);
        }
        observed = now;
        return peers.observe(state.snapshot(), now);
    }

    /** All views have been translated. */
    void end() {
        cache.endRound();
    }

    /** Time has passed: whether other identities are expected now. */
    boolean age(MeshState state) {
        Set<String> hosts = peers.observe(state.snapshot(), clock.instant());
        if (hosts.isEmpty()) {
            return false;
        }
        steps.expected(hosts);
        renew();
        return true;
    }

    /** What only holds for as long as nothing changes is made anew. */
    void renew() {
        caches = new Scope.Caches(cache, new SharedResources(), steps);
    }

    Scope.Caches caches() {
        return caches;
    }

    /** How many resources were built since the start. */
    long built() {
        return cache.built();
    }

    Scope of(ProxyView view, MeshState state, Quarantine quarantine) {
        return new Scope(state.snapshot(), view, peers, caches, tuning).without(quarantine);
    }
}
