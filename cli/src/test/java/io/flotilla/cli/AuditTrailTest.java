package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import io.flotilla.api.events.v1.AuditEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditTrailTest {
    private static final Instant SINCE = Instant.ofEpochSecond(1_000);

    private static AuditEvent event(long second, String actor, String action, String object) {
        return AuditEvent.newBuilder()
                .setWhen(Timestamps.fromSeconds(second))
                .setActor(actor)
                .setAction(action)
                .setObject(object)
                .build();
    }

    private static List<String> actors(AuditTrail.Wanted wanted, AuditEvent... events) {
        AuditTrail trail = new AuditTrail(SINCE, wanted);
        List.of(events).forEach(trail::take);
        return trail.events().stream().map(AuditEvent::getActor).toList();
    }

    @Test
    void eventsStandInTheOrderInWhichTheyHappenedHoweverLateKafkaGotThem() {
        assertThat(actors(
                        new AuditTrail.Wanted("", "", ""),
                        event(1_002, "second", "request.denied", "default/cart"),
                        event(999, "before", "request.denied", "default/cart"),
                        event(1_001, "first", "config.created", "VirtualService default/cart")))
                .containsExactly("first", "second");
    }

    @Test
    void onlyTheOnesThatAreAskedForAreTold() {
        AuditEvent[] events = {
            event(1_001, "spiffe://a/ns/x/sa/ann", "request.denied", "default/cart"),
            event(1_002, "spiffe://a/ns/x/sa/bob", "request.allowed", "default/cart"),
            event(1_003, "spiffe://a/ns/x/sa/cyd", "config.created", "VirtualService default/Cart")
        };
        assertThat(actors(new AuditTrail.Wanted("SA/", "request", ""), events))
                .containsExactly("spiffe://a/ns/x/sa/ann", "spiffe://a/ns/x/sa/bob");
        assertThat(actors(new AuditTrail.Wanted("", "", "virtualservice default/cart"), events))
                .containsExactly("spiffe://a/ns/x/sa/cyd");
    }

    @Test
    void whatCameTwiceIsToldOnce() {
        AuditEvent once = event(1_001, "ann", "request.allowed", "default/cart").toBuilder()
                .putAllDetails(Map.of("request-key", "k"))
                .build();
        AuditEvent then = once.toBuilder().setAction("request.denied").build();
        assertThat(actors(new AuditTrail.Wanted("", "", ""), once, once, then)).hasSize(2);
        AuditEvent change = event(1_001, "directory", "config.created", "VirtualService default/cart");
        assertThat(actors(
                        new AuditTrail.Wanted("", "", ""),
                        change,
                        change,
                        change.toBuilder()
                                .setWhen(Timestamps.fromSeconds(1_002))
                                .build()))
                .as("what an outbox sent again is the same to the last letter")
                .hasSize(2);
    }
}
