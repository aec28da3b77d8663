package io.flotilla.pilot.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.client.Update;
import io.flotilla.pilot.world.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A thousand random edits, through the feed, the snapshot, the views and real streams; proxies are quick or slow, speak
 * delta or state of the world, and come back in between.
 */
class ChaosTest {
    private static final int EDITS = 1_000;
    private static final int PROXIES = 9;
    private static final int SLOW_MILLIS = 7;

    private final long seed = Long.getLong("flotilla.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final ChaosMesh mesh = new ChaosMesh(random);
    private final Trace trace = new Trace(mesh);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private static final List<AdsClient.Mode> MODES = List.of(AdsClient.Mode.values());

    private final List<Replica> replicas = List.of(new Replica(), new Replica());

    @AfterEach
    void stop() {
        replicas.forEach(Replica::close);
        timer.shutdownNow();
    }

    @Test
    void everyProxyEndsWithWhatAFreshOneGetsAndNeverSeesAStepBack() throws Exception {
        System.out.println("chaos seed " + seed + " (-Dflotilla.seed)");
        Update first = mesh.first();
        for (Replica replica : replicas) {
            replica.start().apply(first, 0);
        }
        List<AdsClient> proxies = new ArrayList<>();
        for (int i = 0; i < PROXIES; i++) {
            proxies.add(client("p" + i, MODES.get(i % MODES.size()), i % 2 == 0 ? 0 : SLOW_MILLIS));
        }
        proxies.forEach(AdsClient::connect);
        for (int done = 0; done < EDITS; done++) {
            Update edit = mesh.edit();
            replicas.get(0).apply(edit, 0);
            // The other one is behind for a while, and a proxy that comes to it then knows more than it does.
            replicas.get(1).apply(edit, done / 50 % 2 == 0 ? 0 : 5);
            if (random.nextInt(20) == 0) {
                AdsClient proxy = proxies.get(random.nextInt(PROXIES));
                proxy.disconnect();
                proxy.moveTo(replicas.get(random.nextInt(replicas.size())).channel());
                proxy.connect();
            }
            if (random.nextInt(3) == 0) {
                awaitViews(replicas.get(0));
            }
        }
        replicas.get(1).catchUp();
        for (Replica replica : replicas) {
            awaitViews(replica);
        }
        for (AdsClient.Mode mode : AdsClient.Mode.values()) {
            AdsClient fresh = fresh(mode);
            for (AdsClient proxy : proxies) {
                if (proxy.mode == mode) {
                    assertThat(Eventually.get(() -> differences(proxy.held(), fresh.held()), List::isEmpty))
                            .as("seed " + seed + ", " + proxy.name + " " + mode)
                            .isEmpty();
                }
            }
        }
        assertThat(trace.violations()).as("seed " + seed).isEmpty();
        // Changes are merged on their way as the machine likes: sure is what each of them, and of the fresh, got first.
        assertThat(trace.responses()).as("something was seen").isGreaterThan(4 * PROXIES);
    }

    private static List<String> differences(Map<String, Map<String, Any>> held, Map<String, Map<String, Any>> fresh) {
        List<String> differences = new ArrayList<>();
        Set<String> types = new TreeSet<>(held.keySet());
        types.addAll(fresh.keySet());
        for (String type : types) {
            Map<String, Any> ours = held.getOrDefault(type, Map.of());
            Map<String, Any> theirs = fresh.getOrDefault(type, Map.of());
            Set<String> names = new TreeSet<>(ours.keySet());
            names.addAll(theirs.keySet());
            names.removeIf(name -> Objects.equals(ours.get(name), theirs.get(name)));
            names.forEach(name -> differences.add(type + " " + name + ": "
                    + (!ours.containsKey(name) ? "missing" : !theirs.containsKey(name) ? "too much" : "another")));
            if (names.isEmpty() && held.containsKey(type) != fresh.containsKey(type)) {
                differences.add(type + ": " + (held.containsKey(type) ? "too much" : "missing"));
            }
        }
        return differences;
    }

    private void awaitViews(Replica replica) throws Exception {
        long wanted = mesh.generation();
        assertThat(Eventually.get(
                        () -> replica.views
                                .mesh()
                                .map(state -> state.generation().sequences().get("chaos"))
                                .orElse(0L),
                        now -> now == wanted))
                .isEqualTo(wanted);
    }

    private AdsClient fresh(AdsClient.Mode mode) throws Exception {
        AdsClient fresh = client("fresh-" + mode, mode, 0);
        fresh.connect();
        Map<String, Map<String, Any>> held = Eventually.get(
                fresh::held,
                now -> now.getOrDefault(TypeUrls.ENDPOINT, Map.of()).size()
                                == now.getOrDefault(TypeUrls.CLUSTER, Map.of()).keySet().stream()
                                        .filter(name -> name.startsWith("outbound|"))
                                        .count()
                        && now.containsKey(TypeUrls.LISTENER)
                        && now.containsKey(mode == AdsClient.Mode.HOSTS ? TypeUrls.VIRTUAL_HOST : TypeUrls.ROUTE));
        assertThat(held).containsKeys(TypeUrls.CLUSTER, TypeUrls.ENDPOINT, TypeUrls.LISTENER, TypeUrls.ROUTE);
        return fresh;
    }

    private AdsClient client(String name, AdsClient.Mode mode, int delayMillis) {
        return new AdsClient(name, mode, replicas.get(0).channel(), timer, delayMillis, trace);
    }
}
