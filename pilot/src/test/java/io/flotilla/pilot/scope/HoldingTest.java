package io.flotilla.pilot.scope;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.Moves;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Groups;
import io.flotilla.envoy.Proxy;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.world.MeshYaml;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Galley and the views are played by the test. */
class HoldingTest {
    private static final Duration MEMORY = Duration.ofMinutes(10);
    private static final String THREE =
            Namespaces.namespace("a", 1) + Namespaces.namespace("b", 2) + Namespaces.namespace("c", 3);
    private static final String EACH_ITS_OWN = THREE + Namespaces.sidecar("istio-system", "./*");

    private final List<MeshState> inForce = new ArrayList<>();
    private final LinkedBlockingQueue<Groups> asked = new LinkedBlockingQueue<>();
    private volatile @Nullable MeshState served;
    private volatile boolean reachable = true;
    private Instant now = Instant.EPOCH;
    private long sequence;

    private final Holding holding = new Holding(
            new Holding.Links(asked::add, () -> reachable, inForce::add, () -> Optional.ofNullable(served)),
            groups("own"),
            new Holding.Terms(Duration.ofMinutes(2), MEMORY),
            () -> now);

    @Test
    void asksForWhatAProxyNeedsAndServesItOnceThatIsHere() throws Exception {
        offer(EACH_ITS_OWN, "own");
        advance();
        CompletableFuture<Boolean> comes = comes(1, "a");
        assertThat(asked.poll(60, TimeUnit.SECONDS)).isEqualTo(groups("a", "own"));
        assertThat(comes).isNotDone();
        offer(EACH_ITS_OWN, "own", "a");
        assertThat(inForce).hasSize(2);
        // What views are made of is still the state before.
        assertThat(waits(comes)).isTrue();
        advance();
        assertThat(comes.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(holding.enter(2, proxy("a")))
                .as("one more is served at once")
                .isTrue();
        assertThat(asked).isEmpty();
    }

    @Test
    void aStateThatLacksWhatAServedProxyNeedsGoesOnWithTheOneThatHasIt() {
        offer(EACH_ITS_OWN, "own", "a");
        advance();
        assertThat(holding.enter(1, proxy("a"))).isTrue();
        String importing = EACH_ITS_OWN + Namespaces.sidecar("a", "./*, b/*");
        assertThat(holding.offer(state(importing, Set.of(Kind.SIDECAR), "own", "a")))
                .isFalse();
        assertThat(inForce).hasSize(1);
        assertThat(asked).containsExactly(groups("a", "b", "own"));
        assertThat(holding.offer(state(importing, Set.of(Kind.REGISTRY_ENDPOINT_SLICE), "own", "a", "b")))
                .isTrue();
        assertThat(inForce.getLast().changed())
                .as("both changes at once")
                .containsExactlyInAnyOrder(Kind.SIDECAR, Kind.REGISTRY_ENDPOINT_SLICE);
    }

    @Test
    void aStateWaitsForNobodyWhoHasGone() {
        offer(EACH_ITS_OWN, "own", "a");
        advance();
        assertThat(holding.enter(1, proxy("a"))).isTrue();
        assertThat(holding.offer(
                        state(EACH_ITS_OWN + Namespaces.sidecar("a", "b/*"), Set.of(Kind.SIDECAR), "own", "a")))
                .isFalse();
        holding.leave(1);
        assertThat(inForce).hasSize(2);
    }

    @Test
    void whoWaitsHoldsNobodyUp() throws Exception {
        offer(EACH_ITS_OWN, "own", "a");
        advance();
        assertThat(holding.enter(1, proxy("a"))).isTrue();
        CompletableFuture<Boolean> comes = comes(2, "b");
        assertThat(asked.poll(60, TimeUnit.SECONDS)).isEqualTo(groups("a", "b", "own"));
        assertThat(offer(EACH_ITS_OWN, "own", "a")).isTrue();
        advance();
        assertThat(waits(comes)).isTrue();
        offer(EACH_ITS_OWN, "own", "a", "b");
        advance();
        assertThat(comes.get(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whereGalleyIsAwayAProxyIsToldToComeBack() {
        offer(EACH_ITS_OWN, "own", "a");
        advance();
        reachable = false;
        assertThat(holding.enter(1, proxy("b"))).isFalse();
        assertThat(holding.enter(2, proxy("a"))).as("what is here is served").isTrue();
        assertThat(holding.knows("b")).isFalse();
        assertThat(holding.knows("a")).isTrue();
    }

    @Test
    void aMeshWithoutScopesIsHeldWholeBeforeAnybodyAsks() {
        assertThat(offer(THREE, "own")).as("nothing is served of a part").isFalse();
        assertThat(asked).containsExactly(Groups.ALL);
        MeshState whole = new MeshState(generation(), MeshYaml.of(THREE), Set.of(), 0);
        assertThat(holding.offer(whole)).isTrue();
        advance();
        assertThat(holding.enter(1, proxy("a"))).isTrue();
        assertThat(asked).hasSize(1);
    }

    @Test
    void theStateOfTheLastRunIsServedAndHeldOn() {
        assertThat(offer(EACH_ITS_OWN, "a", "own")).isTrue();
        advance();
        assertThat(holding.asked()).isEqualTo(groups("a", "own"));
        assertThat(holding.enter(1, proxy("a"))).isTrue();
        assertThat(asked).isEmpty();
    }

    @Test
    void givesUpWhatNobodyHasNeededForLong() {
        offer(EACH_ITS_OWN, "own", "a", "b");
        advance();
        assertThat(holding.enter(1, proxy("a"))).isTrue();
        assertThat(holding.enter(2, proxy("b"))).isTrue();
        now = now.plus(MEMORY.multipliedBy(2));
        holding.leave(2);
        now = now.plus(MEMORY);
        holding.age();
        assertThat(asked).as("it left so long ago").isEmpty();
        now = now.plusSeconds(60);
        holding.age();
        assertThat(asked).containsExactly(groups("a", "own"));
    }

    @Test
    void aProxyThatComesToWhatWasJustGivenUpKeepsItsStateUntilItIsBack() {
        offer(EACH_ITS_OWN, "own", "a", "b");
        advance();
        now = now.plus(MEMORY).plusSeconds(1);
        holding.age();
        assertThat(asked.poll()).isEqualTo(groups("own"));
        assertThat(holding.enter(1, proxy("a"))).as("it is still here").isTrue();
        assertThat(offer(EACH_ITS_OWN, "own")).isFalse();
        assertThat(asked).containsExactly(groups("a", "own"));
        assertThat(offer(EACH_ITS_OWN, "own", "a")).isTrue();
    }

    @Test
    void whereEndpointsAloneHaveMovedNobodyNeedsOthersUnlessTheyWereGivenUp() {
        offer(EACH_ITS_OWN, "own", "a");
        advance();
        assertThat(holding.enter(1, proxy("a"))).isTrue();
        assertThat(holding.offer(moved("own", "a"))).isTrue();
        assertThat(holding.offer(moved("own"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereRoutesOrServicesHaveMovedOthersMayBeNeeded(boolean routes) {
        offer(EACH_ITS_OWN, "own", "a");
        advance();
        assertThat(holding.enter(1, proxy("a"))).isTrue();
        String leading = EACH_ITS_OWN + """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: elsewhere, namespace: a}
            spec: {hosts: [a], http: [{route: [{destination: {host: b.b.svc.cluster.local}}]}]}
            """;
        Set<ObjectKey> rule = Set.of(ObjectKey.of(Kind.VIRTUAL_SERVICE, "a", "elsewhere"));
        Moves moves =
                new Moves(Set.of(), routes ? rule : Set.of(), routes ? Set.of() : Set.of("a.a.svc.cluster.local"));
        MeshState led = new MeshState(
                generation(),
                MeshYaml.of(leading),
                Set.of(Kind.VIRTUAL_SERVICE),
                Optional.of(moves),
                groups("own", "a"),
                0);
        assertThat(holding.offer(led)).isFalse();
        assertThat(asked).containsExactly(groups("a", "b", "own"));
    }

    private MeshState moved(String... held) {
        return new MeshState(
                generation(),
                MeshYaml.of(EACH_ITS_OWN),
                Set.of(Kind.REGISTRY_ENDPOINT_SLICE),
                Optional.of(new Moves(Set.of("a.a.svc.cluster.local"), Set.of(), Set.of())),
                groups(held),
                0);
    }

    private boolean offer(String yaml, String... held) {
        return holding.offer(state(yaml, Set.of(Kind.REGISTRY_SERVICE), held));
    }

    private MeshState state(String yaml, Set<Kind> changed, String... held) {
        return new MeshState(generation(), MeshYaml.of(yaml), changed, Optional.empty(), groups(held), 0);
    }

    private Generation generation() {
        return new Generation(1, Map.of("test", ++sequence));
    }

    // The views go over to the newest state.
    private void advance() {
        served = inForce.getLast();
        holding.advanced();
    }

    private CompletableFuture<Boolean> comes(long stream, String namespace) {
        return CompletableFuture.supplyAsync(() -> holding.enter(stream, proxy(namespace)));
    }

    private static boolean waits(CompletableFuture<Boolean> who) throws ExecutionException, InterruptedException {
        try {
            who.get(50, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        }
    }

    private static Groups groups(String... names) {
        return Groups.of(Set.of(names));
    }

    private static Proxy proxy(String namespace) {
        return NeedsTest.proxy("sidecar~10.44.9.9~x-0." + namespace + "~" + namespace + ".svc.cluster.local");
    }
}
