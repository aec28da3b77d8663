package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.flotilla.discovery.Views;
import io.flotilla.discovery.wire.FrameEncoder;
import io.flotilla.discovery.wire.ResponseFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plays a conversation, one line a step:
 *
 * <pre>
 * view 3 CDS a=1 b=2; EDS a=1    the source has this now, at generation 3
 * &gt; CDS +a -b held a=1           request: subscribe, unsubscribe, versions held (delta)
 * &gt; CDS = a b                    request: all names wanted (state of the world)
 * &gt; ack CDS  |  &gt; nack CDS why    answers the oldest response of the type that has no answer
 * &gt; nack CDS why = a b            state of the world: with the names wanted
 * &gt; answer CDS 2 ok               answers this nonce; with anything but "ok" it is refused
 * &gt; stale CDS = a                request with the nonce of a response before the last
 * &lt; CDS a=1 -b @3                next response, with the generation if given; "@3!": it is whole with this
 * &lt; nothing                      there is none
 * &lt; nothing ever                 nor will there be, however long one waits
 * wait 5                         seconds pass
 * </pre>
 */
final class Dialogue {
    private final boolean delta;
    private final StreamState state;
    private final Map<String, Deque<String>> unanswered = new HashMap<>();
    private final Map<String, String> lastNonce = new HashMap<>();
    final List<Notice> notices = new ArrayList<>();
    private long nanos;

    Dialogue(boolean delta, boolean markers, DeliveryOrder order) {
        this(delta, markers, false, order);
    }

    /** One that is content with one mark for a whole generation. */
    static Dialogue committing() {
        return new Dialogue(true, true, true, DeliveryOrder.NONE);
    }

    private Dialogue(boolean delta, boolean markers, boolean commits, DeliveryOrder order) {
        this.delta = delta;
        state = new StreamState(new StreamTerms(delta, markers, commits, order), new Diffs(), new FrameEncoder("test"));
    }

    static Dialogue deltaEnvoy() {
        return new Dialogue(true, false, DeliveryOrder.ENVOY);
    }

    static Dialogue worldEnvoy() {
        return new Dialogue(false, false, DeliveryOrder.ENVOY);
    }

    Dialogue play(String script) {
        int line = 0;
        for (String step : script.lines().map(String::strip).toList()) {
            line++;
            if (!step.isEmpty()) {
                step(step, "line " + line + ": " + step);
            }
        }
        return this;
    }

    List<TypeStatus> status() {
        return state.status();
    }

    private void step(String step, String where) {
        List<String> words = new ArrayList<>(Arrays.asList(step.split("\\s+", -1)));
        String kind = words.removeFirst();
        switch (kind) {
            case "view" -> {
                long sequence = Long.parseLong(words.removeFirst());
                state.offer(Views.view(sequence, String.join(" ", words)));
            }
            case ">" -> notices.addAll(state.request(ask(words), Instant.EPOCH));
            case "<" -> {
                boolean ever = words.remove("ever");
                expect(words, where);
                assertThat(state.deadline() == Long.MAX_VALUE || !ever)
                        .as(where)
                        .isTrue();
            }
            case "wait" ->
                nanos += Duration.ofSeconds(Long.parseLong(words.getFirst())).toNanos();
            default -> throw new AssertionError(where);
        }
    }

    private Ask ask(List<String> words) {
        String first = words.removeFirst();
        switch (first) {
            case "ack", "nack" -> {
                String type = Views.typeUrl(words.removeFirst());
                String nonce = unanswered.getOrDefault(type, new ArrayDeque<>()).remove();
                int wishes = words.indexOf("=");
                List<String> said = words.subList(0, wishes < 0 ? words.size() : wishes);
                String error = first.equals("nack") ? String.join(" ", said) : null;
                // State of the world: an answer repeats the names.
                List<String> names = error == null ? words : words.subList(said.size(), words.size());
                names.remove("=");
                return new Ask(type, nonce, error, delta ? List.of() : List.copyOf(names), List.of(), Map.of());
            }
            case "answer" -> {
                String type = Views.typeUrl(words.removeFirst());
                String nonce = words.removeFirst();
                String error = words.getFirst().equals("ok") ? null : String.join(" ", words);
                return new Ask(type, nonce, error, List.of(), List.of(), Map.of());
            }
            case "stale" -> {
                String type = Views.typeUrl(words.removeFirst());
                words.removeFirst();
                return new Ask(type, "0", null, words, List.of(), Map.of());
            }
            default -> {
                return wishes(Views.typeUrl(first), words);
            }
        }
    }

    private Ask wishes(String type, List<String> words) {
        List<String> names = new ArrayList<>();
        List<String> unsubscribe = new ArrayList<>();
        Map<String, String> held = new HashMap<>();
        boolean inHeld = false;
        for (String word : words) {
            if (word.equals("held")) {
                inHeld = true;
            } else if (inHeld) {
                held.put(word.split("=", -1)[0], word.split("=", -1)[1]);
            } else if (word.startsWith("+")) {
                names.add(word.substring(1));
            } else if (word.startsWith("-")) {
                unsubscribe.add(word.substring(1));
            } else if (!word.equals("=")) {
                names.add(word);
            }
        }
        String nonce = delta ? "" : lastNonce.getOrDefault(type, "");
        return new Ask(type, nonce, null, names, unsubscribe, held);
    }

    private void expect(List<String> words, String where) {
        String generation = words.getLast().startsWith("@") ? words.removeLast() : "";
        ResponseFrame frame = state.next(nanos, Instant.EPOCH);
        assertThat(told(frame)).as(where).isEqualTo(String.join(" ", words));
        if (frame != null) {
            unanswered
                    .computeIfAbsent(frame.typeUrl(), type -> new ArrayDeque<>())
                    .add(frame.nonce());
            lastNonce.put(frame.typeUrl(), frame.nonce());
            if (!generation.isEmpty()) {
                boolean whole = generation.endsWith("!");
                String number = generation.substring(1, generation.length() - (whole ? 1 : 0));
                assertThat(frame.version()).as(where).startsWith("1;s=" + number + "-");
                assertThat(frame.version().endsWith("="))
                        .as(where + " is whole")
                        .isEqualTo(whole);
            }
        }
    }

    private String told(@Nullable ResponseFrame frame) {
        if (frame == null) {
            return "nothing";
        }
        List<String> words = new ArrayList<>();
        words.add(Views.word(frame.typeUrl()));
        try {
            if (delta) {
                DeltaDiscoveryResponse response = DeltaDiscoveryResponse.parseFrom(frame.bytes());
                response.getResourcesList().forEach(resource -> words.add(Views.content(resource.getResource())));
                response.getRemovedResourcesList().forEach(name -> words.add("-" + name));
            } else {
                DiscoveryResponse response = DiscoveryResponse.parseFrom(frame.bytes());
                response.getResourcesList().forEach(any -> words.add(Views.content(any)));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        return String.join(" ", words);
    }
}
