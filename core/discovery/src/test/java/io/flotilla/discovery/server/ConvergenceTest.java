package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.discovery.Views;
import io.flotilla.discovery.wire.FrameEncoder;
import io.flotilla.discovery.wire.ResponseFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * A client that does things at random: whatever the order of changes, subscriptions, answers and refusals, it ends
 * with what the view has of what it wants, and never holds a route to a cluster that it was not given before, or that
 * was taken from it.
 */
class ConvergenceTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    @Property(tries = 400)
    void deltaConverges(@ForAll long seed) throws InvalidProtocolBufferException {
        Player player = new Player(new Random(seed), true);
        player.play(60);
        player.settle();
    }

    @Property(tries = 400)
    void worldConverges(@ForAll long seed) throws InvalidProtocolBufferException {
        Player player = new Player(new Random(seed), false);
        player.play(60);
        player.settle();
    }

    /** One client and one source. The route "r" refers to the clusters that its version names, "ab" to a and b. */
    private static final class Player {
        private final Random random;
        private final boolean delta;
        private final StreamState state;
        private final Map<String, Map<String, String>> held = new HashMap<>();
        private final Map<String, Deque<String>> unanswered = new HashMap<>();
        private final Map<String, String> lastNonce = new HashMap<>();
        private final TreeSet<String> wanted = new TreeSet<>();
        private final Set<String> acceptedClusters = new TreeSet<>();
        private final TreeMap<String, String> clusters = new TreeMap<>();
        private final TreeMap<String, String> endpoints = new TreeMap<>();
        private String route = "";
        private long generation;

        Player(Random random, boolean delta) {
            this.random = random;
            this.delta = delta;
            // Patience that never ends: the order is then a promise.
            DeliveryOrder order = DeliveryOrder.ENVOY.withPatience(Duration.ofDays(1));
            state = new StreamState(new StreamTerms(delta, false, false, order), new Diffs(), new FrameEncoder(""));
            wish(TypeUrls.CLUSTER, List.of(), List.of());
            wish(TypeUrls.ROUTE, List.of("r"), List.of());
        }

        void play(int steps) throws InvalidProtocolBufferException {
            for (int i = 0; i < steps; i++) {
                switch (random.nextInt(6)) {
                    case 0 -> change();
                    case 1 -> subscribe();
                    case 2, 3 -> receive();
                    default -> answer();
                }
            }
        }

        void settle() throws InvalidProtocolBufferException {
            boolean going = true;
            while (going) {
                going = receive();
                for (String type : List.copyOf(unanswered.keySet())) {
                    going |= answer(type, false);
                }
            }
            assertThat(held(TypeUrls.CLUSTER)).isEqualTo(clusters);
            TreeMap<String, String> expected = new TreeMap<>(endpoints);
            expected.keySet().retainAll(wanted);
            if (delta) {
                assertThat(held(TypeUrls.ENDPOINT)).isEqualTo(expected);
            } else {
                // State of the world has no way to take endpoints back.
                assertThat(held(TypeUrls.ENDPOINT)).containsAllEntriesOf(expected);
            }
            assertThat(held(TypeUrls.ROUTE).getOrDefault("r", "")).isEqualTo(route);
        }

        private void change() {
            for (int i = 0; i <= random.nextInt(3); i++) {
                String name = NAMES.get(random.nextInt(NAMES.size()));
                if (random.nextInt(3) == 0) {
                    clusters.remove(name);
                    endpoints.remove(name);
                } else {
                    clusters.put(name, "" + random.nextInt(3));
                    endpoints.put(name, "" + random.nextInt(3));
                }
            }
            StringBuilder to = new StringBuilder("x");
            clusters.keySet().stream().filter(name -> random.nextBoolean()).forEach(to::append);
            route = to.toString();
            Map<String, ResourceSet> types = Map.of(
                    TypeUrls.CLUSTER, set(clusters),
                    TypeUrls.ENDPOINT, set(endpoints),
                    TypeUrls.ROUTE, Views.set("r=" + route));
            state.offer(new View(Views.generation(++generation), types));
        }

        private static ResourceSet set(Map<String, String> all) {
            List<Resource> resources = new ArrayList<>();
            all.forEach((name, version) -> resources.add(Views.resource(name + "=" + version)));
            return ResourceSet.of(resources);
        }

        private void subscribe() {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            if (wanted.add(name)) {
                wish(TypeUrls.ENDPOINT, List.of(name), List.of());
            } else if (random.nextBoolean()) {
                wanted.remove(name);
                held(TypeUrls.ENDPOINT).remove(name);
                wish(TypeUrls.ENDPOINT, List.of(), List.of(name));
            } else {
                wish(TypeUrls.ENDPOINT, List.of(name), List.of());
            }
        }

        private void wish(String type, List<String> more, List<String> less) {
            List<String> names = delta || !type.equals(TypeUrls.ENDPOINT) ? more : List.copyOf(wanted);
            state.request(
                    new Ask(type, delta ? "" : lastNonce.getOrDefault(type, ""), null, names, less, Map.of()),
                    Instant.EPOCH);
        }

        private boolean receive() throws InvalidProtocolBufferException {
            ResponseFrame frame = state.next(0, Instant.EPOCH);
            if (frame == null) {
                return false;
            }
            lastNonce.put(frame.typeUrl(), frame.nonce());
            unanswered
                    .computeIfAbsent(frame.typeUrl(), type -> new ArrayDeque<>())
                    .add(frame.nonce());
            Map<String, String> into = held(frame.typeUrl());
            List<String> contents = new ArrayList<>();
            if (delta) {
                DeltaDiscoveryResponse response = DeltaDiscoveryResponse.parseFrom(frame.bytes());
                response.getResourcesList().forEach(entry -> contents.add(Views.content(entry.getResource())));
                response.getRemovedResourcesList().forEach(into::remove);
            } else {
                DiscoveryResponse response = DiscoveryResponse.parseFrom(frame.bytes());
                response.getResourcesList().forEach(any -> contents.add(Views.content(any)));
                if (frame.typeUrl().equals(TypeUrls.CLUSTER)) {
                    into.clear();
                }
            }
            for (String content : contents) {
                String[] parts = content.split("=", -1);
                if (!frame.typeUrl().equals(TypeUrls.ENDPOINT) || wanted.contains(parts[0])) {
                    into.put(parts[0], parts[1]);
                }
            }
            check(frame.typeUrl());
            return true;
        }

        private void check(String type) {
            for (char cluster :
                    held(TypeUrls.ROUTE).getOrDefault("r", "x").substring(1).toCharArray()) {
                assertThat(held(TypeUrls.CLUSTER)).containsKey("" + cluster);
                if (type.equals(TypeUrls.ROUTE)) {
                    assertThat(acceptedClusters).contains("" + cluster);
                }
            }
        }

        private void answer() {
            List<String> open = unanswered.keySet().stream().sorted().toList();
            if (!open.isEmpty()) {
                answer(open.get(random.nextInt(open.size())), random.nextInt(8) == 0);
            }
        }

        private boolean answer(String type, boolean refuse) {
            Deque<String> nonces = unanswered.getOrDefault(type, new ArrayDeque<>());
            String nonce = nonces.poll();
            if (nonce == null) {
                return false;
            }
            if (type.equals(TypeUrls.CLUSTER) && nonces.isEmpty()) {
                acceptedClusters.addAll(held(TypeUrls.CLUSTER).keySet());
            }
            List<String> names = delta || type.equals(TypeUrls.CLUSTER)
                    ? List.of()
                    : type.equals(TypeUrls.ROUTE) ? List.of("r") : List.copyOf(wanted);
            state.request(new Ask(type, nonce, refuse ? "no" : null, names, List.of(), Map.of()), Instant.EPOCH);
            return true;
        }

        private Map<String, String> held(String type) {
            return held.computeIfAbsent(type, key -> new TreeMap<>());
        }
    }
}
