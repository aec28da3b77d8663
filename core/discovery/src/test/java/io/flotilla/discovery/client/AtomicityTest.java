package io.flotilla.discovery.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.discovery.Await;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.Views;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.LoopbackServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A busy source, a server that is replaced now and then: every state that a client shows was one of the source's. */
class AtomicityTest {
    private static final int VIEWS = 300;

    /** Of so many changes one is waited for: the others may be merged on their way, by as much as the machine likes. */
    private static final int WAIT = 5;

    private static final List<String> TYPES = List.of("A", "B", "C");

    @ParameterizedTest(name = "delta {0}")
    @ValueSource(booleans = {true, false})
    void everyStateIsOneThatTheSourceHad(boolean delta) {
        Random random = new Random(7);
        MemorySource source = new MemorySource();
        Map<Long, View> published = new HashMap<>();
        Deque<Update> updates = new ConcurrentLinkedDeque<>();
        int waits = 0;
        LoopbackServer server = LoopbackServer.replaceable(source, DeliveryOrder.NONE);
        int port = server.port();
        ClientSettings settings = new ClientSettings(
                Node.getDefaultInstance(),
                Set.copyOf(TYPES),
                delta,
                Duration.ofMillis(1),
                Duration.ofMillis(10),
                Duration.ofMinutes(1));
        try (var client = new DiscoveryClient(
                settings,
                () -> LoopbackServer.channel(port),
                updates::add,
                any -> Views.content(any).split("=", -1)[0])) {
            client.start();
            Map<String, ResourceSet> state = new HashMap<>();
            for (long i = 1; i <= VIEWS; i++) {
                change(state, random, i);
                View view = new View(Views.generation(i), state);
                published.put(i, view);
                source.publish(view);
                if (i % 100 == 0) {
                    server.close();
                    server = new LoopbackServer(source, DeliveryOrder.NONE, port);
                } else if (i % WAIT == 0) {
                    long now = i;
                    waits++;
                    Await.until("the client came along", () -> told(updates) >= now);
                }
            }
            Await.until("the last", () -> told(updates) == VIEWS);
        } finally {
            server.close();
        }
        assertThat(updates.size()).isGreaterThanOrEqualTo(waits);
        long before = 0;
        for (Update update : updates) {
            long now = sequence(update.view());
            assertThat(now).isGreaterThan(before);
            before = now;
            for (String type : TYPES) {
                assertThat(names(update.view().type(type)))
                        .isEqualTo(names(published
                                .getOrDefault(now, new View(Views.generation(0), Map.of()))
                                .type(type)));
            }
        }
    }

    /** Each change moves some resources of each type to the generation's version, so that a mixture shows. */
    private static void change(Map<String, ResourceSet> state, Random random, long generation) {
        for (String type : TYPES) {
            List<Resource> changed = new ArrayList<>();
            List<String> removed = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                changed.add(Views.resource("r" + random.nextInt(20) + "=" + generation));
                removed.add("r" + random.nextInt(20));
            }
            state.put(type, state.getOrDefault(type, ResourceSet.EMPTY).with(changed, removed));
        }
    }

    private static long told(Deque<Update> updates) {
        Update last = updates.peekLast();
        return last == null ? 0 : sequence(last.view());
    }

    private static long sequence(View view) {
        return view.generation().sequences().getOrDefault("s", 0L);
    }

    /** By content, since state of the world knows no versions of single resources. */
    private static List<Object> names(ResourceSet set) {
        return set.resources().stream().<Object>map(Resource::any).toList();
    }
}
