package io.flotilla.pilot.scope;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.Moves;
import io.flotilla.discovery.Groups;
import io.flotilla.envoy.Proxy;
import io.flotilla.pilot.feed.MeshState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What of the mesh is held: endpoints and workloads of the namespaces that the proxies here need. A state that lacks some
 * of what they need goes no further until it has that, and a proxy that needs more than what is served waits for it, so
 * that no view is ever made without what belongs to it.
 */
public final class Holding implements Arrivals {
    private final Links links;
    private final Groups own;
    private final Terms terms;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    // By stream: those that are served, and those that wait for what they need.
    private final Map<Long, Proxy> served = new HashMap<>();
    private final Map<Object, Function<MeshSnapshot, Groups>> waiting = new HashMap<>();
    private final NeededLately lately = new NeededLately();
    // States that went on and that the views may not have heard of.
    private final Deque<MeshState> underWay = new ArrayDeque<>();
    private @Nullable MeshState latest;
    private @Nullable MeshState postponed;
    private boolean begun;
    private Groups asked;

    /**
     * Whom it talks to.
     *
     * @param ask       for these namespaces from now on
     * @param reachable whether there is somebody to ask
     * @param next      takes states that hold what is needed
     * @param views     the state that views are made of
     */
    public record Links(
            Consumer<Groups> ask,
            BooleanSupplier reachable,
            Consumer<MeshState> next,
            Supplier<Optional<MeshState>> views) {}

    /**
     * How long things last.
     *
     * @param patience how long a proxy waits for what it needs
     * @param memory   how long a namespace is held that nobody needs any more
     */
    public record Terms(Duration patience, Duration memory) {}

    /**
     * Holds nothing yet.
     *
     * @param own namespaces that Pilot itself needs
     */
    public Holding(Links links, Groups own, Terms terms, InstantSource clock) {
        this.links = links;
        this.own = own;
        this.terms = terms;
        this.clock = clock;
        asked = own;
    }

    /** What is asked for at this moment. */
    public Groups asked() {
        lock.lock();
        try {
            return asked;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A newer state is here.
     *
     * @return whether it went on; else it waits, and goes on with the first one that holds what is needed
     */
    public boolean offer(MeshState state) {
        lock.lock();
        try {
            if (latest == null && !asked.covers(state.held())) {
                // Of the last run: its proxies are about to come back.
                asked = asked.and(state.held());
                lately.note(state.held(), clock.instant());
            }
            MeshState before = postponed;
            MeshState merged = before == null ? state : state.after(before);
            boolean same = before == null && begun && asNeeded(state, latest);
            latest = merged;
            boolean fits = same || fits(merged);
            postponed = merged;
            if (fits) {
                goOn(merged);
            }
            if (!same) {
                ask();
            }
            news.signalAll();
            return fits;
        } finally {
            lock.unlock();
        }
    }

    private void goOn(MeshState state) {
        postponed = null;
        begun = true;
        underWay.add(state);
        links.next().accept(state);
    }

    // What is held, which services there are and who imports them is as before.
    private static boolean asNeeded(MeshState state, @Nullable MeshState last) {
        return last != null
                && state.held().equals(last.held())
                && (state.changed().isEmpty()
                        || state.moves().filter(Holding::ofEndpoints).isPresent());
    }

    private static boolean ofEndpoints(Moves moves) {
        return moves.routes().isEmpty() && moves.services().isEmpty();
    }

    private boolean fits(MeshState state) {
        if (state.held().all()) {
            return true;
        }
        if (!begun && own.covers(state.held()) && Needs.everywhere(state.snapshot())) {
            return false;
        }
        return state.held().covers(Needs.of(state.snapshot(), served.values()));
    }

    /** The views have heard of a state. */
    public void advanced() {
        lock.lock();
        try {
            Optional<MeshState> now = links.views().get();
            while (!underWay.isEmpty() && now.filter(state -> reaches(state)).isPresent()) {
                underWay.remove();
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // States that wait for a round are merged: the newest stands for those before it.
    @SuppressWarnings("ReferenceEquality") // the very snapshot
    private boolean reaches(MeshState state) {
        return underWay.stream().anyMatch(each -> each.snapshot() == state.snapshot());
    }

    @Override
    public boolean enter(long stream, Proxy proxy) {
        lock.lock();
        try {
            if (!arrives(stream, mesh -> Needs.of(mesh, proxy))) {
                return false;
            }
            served.put(stream, proxy);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void leave(long stream) {
        lock.lock();
        try {
            Proxy gone = served.remove(stream);
            MeshState state = latest;
            if (gone != null && state != null && !state.held().all()) {
                lately.note(Needs.of(state.snapshot(), gone), clock.instant());
            }
            MeshState held = postponed;
            if (held != null && fits(held)) {
                goOn(held);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the workloads of a namespace; whether they are here. */
    public boolean knows(String namespace) {
        lock.lock();
        try {
            return arrives(new Object(), mesh -> Groups.of(Set.of(namespace)));
        } finally {
            lock.unlock();
        }
    }

    private boolean arrives(Object who, Function<MeshSnapshot, Groups> needs) {
        if (here(needs)) {
            return true;
        }
        waiting.put(who, needs);
        try {
            ask();
            long left = terms.patience().toNanos();
            while (!here(needs)) {
                if (left <= 0 || !links.reachable().getAsBoolean()) {
                    // It comes back in a moment, and finds it here.
                    note(needs);
                    return false;
                }
                left = news.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiting.remove(who);
        }
    }

    private void note(Function<MeshSnapshot, Groups> needs) {
        MeshState state = latest;
        if (state != null) {
            lately.note(needs.apply(state.snapshot()), clock.instant());
        }
    }

    // In what views are made of, and in all that they will be made of next; before the first, it is waited for by all.
    private boolean here(Function<MeshSnapshot, Groups> needs) {
        return links.views().get().filter(state -> !holds(state, needs)).isEmpty()
                && underWay.stream().allMatch(state -> holds(state, needs));
    }

    private static boolean holds(MeshState state, Function<MeshSnapshot, Groups> needs) {
        return state.held().all() || state.held().covers(needs.apply(state.snapshot()));
    }

    // Asks for what is missing, and gives nothing up.
    private void ask() {
        MeshState state = latest;
        if (state == null || asked.all()) {
            return;
        }
        Groups needed = needed(state);
        if (!asked.covers(needed)) {
            asked = asked.and(needed);
            links.ask().accept(asked);
        }
    }

    private Groups needed(MeshState state) {
        MeshSnapshot mesh = state.snapshot();
        Groups needed = own.and(Needs.of(mesh, served.values()));
        for (Function<MeshSnapshot, Groups> each : waiting.values()) {
            needed = needed.and(each.apply(mesh));
        }
        return needed.all() || Needs.everywhere(mesh) ? Groups.ALL : needed;
    }

    /** Time has passed: what nobody has needed for long is given up. To be called every minute or so. */
    public void age() {
        lock.lock();
        try {
            MeshState state = latest;
            if (state == null) {
                return;
            }
            Instant now = clock.instant();
            lately.note(needed(state), now);
            Groups kept = own.and(lately.since(now.minus(terms.memory())));
            if (!kept.equals(asked)) {
                asked = kept;
                links.ask().accept(asked);
            }
        } finally {
            lock.unlock();
        }
    }
}
