package io.flotilla.discovery.server;

import io.flotilla.discovery.Generation;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One type on one stream. What the client holds is a set shared with all streams that hold the same, restricted to
 * the subscription, so that a stream costs no memory per resource.
 */
final class TypeStream {
    /** More responses without an answer than this: the oldest are forgotten (a client that never answers). */
    private static final int UNANSWERED = 256;

    final String typeUrl;
    final boolean delta;
    final Subscription subscription;
    // What the order says of it, looked up once.
    final boolean barrier;
    final boolean dependent;
    final boolean referenced;
    /** How new that is which the client has from another server. */
    long brought;
    /** Names to answer, whatever is held; not its own but where it is a {@link HashSet}. */
    Set<String> owed = Set.of();

    ResourceSet held = ResourceSet.EMPTY;
    /** Whether a response is due even if it is empty. */
    boolean answerDue;

    @Nullable
    Generation generation;

    private final Deque<Sent> unanswered = new ArrayDeque<>();
    private long awaited;
    private boolean returned;
    private TypeStatus.@Nullable Event sent;
    private TypeStatus.@Nullable Event accepted;
    private TypeStatus.@Nullable Event rejected;
    private String message = "";

    /**
     * @param delta whether the client is told differences
     * @param order of the stream's types
     * @param names of all streams' subscriptions
     */
    TypeStream(String typeUrl, boolean delta, DeliveryOrder order, SharedNames names) {
        // It is looked up at every step, in maps whose keys are constants.
        this.typeUrl = typeUrl.intern();
        this.delta = delta;
        barrier = order.barrier().contains(typeUrl);
        dependent = order.dependents().contains(typeUrl);
        referenced = order.referenced().contains(typeUrl);
        subscription = new Subscription(TypeUrls.grouped(typeUrl), names);
    }

    /**
     * A response that is on its way.
     *
     * @param names of the resources in it
     */
    record Sent(long nonce, String version, Generation generation, List<String> names) {}

    /**
     * The first request of a delta stream says what the client holds from an earlier one. Where that is what it is to
     * hold now, it holds the set that all others hold, and nothing of its own is kept or compared.
     */
    void told(Told.Holding holding) {
        held = holding.set(subscription.wildcard() || subscription.namespaced());
        returned = true;
    }

    /** The names that are owed, to be changed. */
    Set<String> owing() {
        if (!(owed instanceof HashSet)) {
            owed = new HashSet<>(owed);
        }
        return owed;
    }

    void sent(long nonce, String version, Generation of, List<String> names, Instant at) {
        unanswered.add(new Sent(nonce, version, of, names));
        if (unanswered.size() > UNANSWERED) {
            unanswered.remove();
        }
        if (!names.isEmpty()) {
            awaited = nonce;
        }
        sent = new TypeStatus.Event(nonce, version, at);
    }

    /** The response that a nonce belongs to; null where it is unknown or was answered before. */
    @Nullable
    Sent answered(long nonce, @Nullable String error, Instant at) {
        Sent found = null;
        while (!unanswered.isEmpty() && unanswered.element().nonce() <= nonce) {
            Sent next = unanswered.remove();
            found = next.nonce() == nonce ? next : found;
        }
        if (found == null) {
            return null;
        }
        TypeStatus.Event event = new TypeStatus.Event(nonce, found.version(), at);
        if (error == null) {
            accepted = event;
            rejected = null;
            message = "";
        } else {
            rejected = event;
            message = error;
        }
        awaited = nonce >= awaited ? 0 : awaited;
        return found;
    }

    /** The newest response with content that has no answer yet; 0 for none. */
    long awaited() {
        return awaited;
    }

    /** The nonce of the last response; 0 before it. */
    long lastNonce() {
        return sent == null ? 0 : sent.nonce();
    }

    /** @param whole whether the client holds all that it is to hold */
    TypeStatus status(boolean whole) {
        return new TypeStatus(
                typeUrl,
                subscription.wildcard(),
                subscription.names().size(),
                generation == null ? Generation.NONE : generation,
                sent,
                accepted,
                rejected,
                message,
                returned && sent == null && whole);
    }
}
