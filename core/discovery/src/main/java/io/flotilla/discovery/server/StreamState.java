package io.flotilla.discovery.server;

import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.Stamps;
import io.flotilla.discovery.View;
import io.flotilla.discovery.wire.Contents;
import io.flotilla.discovery.wire.Framing;
import io.flotilla.discovery.wire.ResponseFrame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One stream's side of the protocol, without I/O: requests and views go in, the next response comes out when the
 * transport has room for it. It compares what the client holds with the latest view each time, so that a slow client
 * skips what it was too slow for. Not thread-safe.
 */
final class StreamState {
    private final StreamTerms terms;
    private final Diffs diffs;
    private final Framing encoder;
    private final Map<String, TypeStream> types = new HashMap<>();
    // The same in their order: they are looked through at every step.
    private List<TypeStream> inOrder = List.of();
    /** Companions of what was sent before their type was asked for. */
    private final Map<String, Set<String>> early = new HashMap<>();

    private final Gate dependents;
    private final Gate removals;
    private final Reunion reunion = new Reunion();
    private @Nullable View latest;
    private @Nullable View target;
    private @Nullable Batch batch;
    // All that there is to say was said, and nothing waits for an answer: only a wish or a newer view ends this.
    private boolean idle;
    private long nonce;

    StreamState(StreamTerms terms, Diffs diffs, Framing encoder) {
        this.terms = terms;
        this.diffs = diffs;
        this.encoder = encoder;
        dependents = new Gate(terms.order().patience());
        removals = new Gate(terms.order().patience());
    }

    /** A newer view; it replaces one that was not begun yet. */
    void offer(View view) {
        latest = view;
        idle = false;
    }

    /** Takes a request; what comes back is for the source, before the next response is asked for. */
    List<Notice> request(Ask ask, Instant at) {
        TypeStream type = types.get(ask.typeUrl());
        boolean first = type == null;
        if (type == null) {
            type = new TypeStream(ask.typeUrl(), terms.delta() || ask.incremental(), terms.order(), diffs.names());
            type.brought = Stamps.newest(ask.told());
            types.put(ask.typeUrl(), type);
            inOrder = types.values().stream()
                    .sorted(Comparator.comparing(each -> each.typeUrl, terms.order()::compare))
                    .toList();
        }
        List<Notice> notices = new ArrayList<>();
        if (!first && !ask.nonce().isEmpty()) {
            long answered = number(ask.nonce());
            TypeStream.Sent sent = type.answered(answered, ask.error(), at);
            if (sent != null) {
                notices.add(notice(ask, sent));
            }
            if (!type.delta && answered != type.lastNonce()) {
                // State of the world: a request that has not seen the last response says nothing about wishes.
                return notices;
            }
        }
        Subscription.Change change = type.delta
                ? type.subscription.delta(names(ask), ask.unsubscribe())
                : type.subscription.world(ask.names());
        if (change.any()) {
            idle = false;
            subscribe(type, ask, change, first);
            notices.add(new Notice.Subscribed(ask.typeUrl(), type.subscription.names(), first ? ask.told() : Map.of()));
        }
        return notices;
    }

    private Collection<String> names(Ask ask) {
        View now = latest;
        return now == null ? ask.names() : AskedNames.of(ask.names(), now.type(ask.typeUrl()), diffs.names());
    }

    private void subscribe(TypeStream type, Ask ask, Subscription.Change change, boolean first) {
        boolean knows = first && type.delta && !ask.told().isEmpty();
        Told.Holding told = null;
        if (knows) {
            told = Told.of(ask.told()).beside(latest == null ? ResourceSet.EMPTY : latest.type(ask.typeUrl()));
            type.told(told);
            reunion.begins(type.referenced);
        } else if (change.widened()) {
            type.held = ResourceSet.EMPTY;
            type.owing().addAll(type.subscription.names());
        }
        type.owing().removeIf(name -> !type.subscription.wants(name));
        Set<String> companions = first ? early.getOrDefault(ask.typeUrl(), Set.of()) : Set.of();
        early.remove(ask.typeUrl());
        if (told == null || !told.complete() || !companions.isEmpty() || !allOf(told.now(), change.owed())) {
            owe(type, change, told, companions);
        }
        boolean mayBeEmpty = !terms.order().onDemand().contains(ask.typeUrl());
        // A route configuration without hosts is to be known as such, else its listener waits.
        type.answerDue |= type.subscription.namespaced() && !type.owed.isEmpty();
        type.answerDue |= mayBeEmpty
                && (change.widened() || (!type.delta && (first || !change.owed().isEmpty())));
    }

    // Shared names of everything there is.
    @SuppressWarnings("ReferenceEquality")
    private boolean allOf(ResourceSet set, Set<String> names) {
        return !names.isEmpty() && names == diffs.names().allOf(set);
    }

    private static void owe(
            TypeStream type, Subscription.Change change, Told.@Nullable Holding told, Set<String> companions) {
        // A name that stands for a group of names is held where members of the group are: the rest is a difference.
        Set<String> held =
                told == null || change.owed().isEmpty() ? Set.of() : told.names(type.subscription.namespaced());
        change.owed().stream()
                .filter(name -> !held.contains(name) || companions.contains(name))
                .forEach(type.owing()::add);
    }

    private static Notice notice(Ask ask, TypeStream.Sent sent) {
        return ask.error() == null
                ? new Notice.Accepted(ask.typeUrl(), sent.version(), sent.generation())
                : new Notice.Rejected(ask.typeUrl(), sent, ask.error());
    }

    /** The next response, or null when there is nothing to say before something happens or {@link #deadline}. */
    @Nullable
    ResponseFrame next(long nanos, Instant at) {
        if (idle) {
            return null;
        }
        if (batch == null) {
            View view = advance();
            batch = view == null ? null : plan(view, nanos);
        }
        return batch == null ? null : part(batch, at);
    }

    /** When to ask again though nothing happened, on the clock given to {@link #next}. */
    long deadline() {
        return idle
                ? Long.MAX_VALUE
                : Math.min(reunion.deadline(inOrder), Math.min(dependents.deadline(), removals.deadline()));
    }

    List<TypeStatus> status() {
        View now = latest;
        return inOrder.stream()
                .map(type -> type.status(now != null && holds(type, now)))
                .toList();
    }

    /** Whether the client has answered all that there is to tell it, however it did. */
    boolean settled() {
        View now = latest;
        return now != null
                && batch == null
                && inOrder.stream().allMatch(type -> holds(type, now) && type.awaited() == 0);
    }

    // Or is on its way to hold: whether it answered is another question.
    private static boolean holds(TypeStream type, View now) {
        return same(type.held, now.type(type.typeUrl)) && type.owed.isEmpty() && !type.answerDue;
    }

    /** Streams with markers finish a generation before they begin the next, else a busy source would starve them. */
    private @Nullable View advance() {
        View now = target;
        if (now == null || !terms.markers() || inOrder.stream().allMatch(type -> settled(type, now))) {
            target = latest;
        }
        return target;
    }

    private static boolean same(ResourceSet held, ResourceSet now) {
        return held == now || held.version().equals(now.version());
    }

    private boolean settled(TypeStream type, View view) {
        return same(type.held, view.type(type.typeUrl))
                && !type.answerDue
                && view.generation().equals(type.generation);
    }

    private @Nullable Batch plan(View view, long nanos) {
        boolean waiting = false;
        boolean closed = dependents.closed(awaited(false), nanos);
        for (TypeStream type : inOrder) {
            ResourceSet now = view.type(type.typeUrl);
            if (reunion.older(view, type, nanos)) {
                // Routes as old as this view may lead to clusters that the client was told to forget.
                closed = true;
                waiting = true;
                continue;
            }
            if (closed && type.dependent) {
                waiting |= type.held != now || !type.owed.isEmpty() || type.answerDue;
                continue;
            }
            Batch next = plan(type, view, type.referenced ? diffs.union(type.held, now) : now);
            if (next != null) {
                return next;
            }
        }
        return waiting ? null : planRemovals(view, nanos);
    }

    // Nothing but the generation is new: one message says so for all types.
    private @Nullable Batch planCommit(View view) {
        if (!terms.commits() || inOrder.isEmpty() || !whole(view, null)) {
            return null;
        }
        for (TypeStream type : inOrder) {
            if (!view.generation().equals(type.generation)) {
                String hash = view.type(type.typeUrl).version();
                return new Batch(type, view.generation(), hash, List.of(Contents.NONE), List.of());
            }
        }
        return null;
    }

    /** Whether the client holds all of a view once it has what is told of a type now. */
    private boolean whole(View view, @Nullable TypeStream now) {
        for (TypeStream type : inOrder) {
            if (!same(type.held, view.type(type.typeUrl))
                    || type.answerDue
                    || !type.owed.isEmpty()
                    || (type != now && type.generation == null)) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // of views, the very one that is newest
    private @Nullable Batch planRemovals(View view, long nanos) {
        boolean due = false;
        for (TypeStream type : inOrder) {
            due |= type.referenced && type.held != view.type(type.typeUrl);
        }
        if (!due) {
            Batch commit = planCommit(view);
            idle = commit == null && view == latest;
            return commit;
        }
        if (reunion.lasts(nanos) || removals.closed(awaited(true), nanos)) {
            return null;
        }
        for (TypeStream type : inOrder) {
            if (type.referenced) {
                Batch next = plan(type, view, view.type(type.typeUrl));
                if (next != null) {
                    return next;
                }
            }
        }
        return planCommit(view);
    }

    // The newest response without an answer of those that dependents wait for, and of the dependents where these count.
    private long awaited(boolean ofDependents) {
        long newest = 0;
        for (TypeStream type : inOrder) {
            if (type.barrier || (ofDependents && type.dependent)) {
                newest = Math.max(newest, type.awaited());
            }
        }
        return newest;
    }

    /** What brings one type's client to a set; null where it is there already. */
    private @Nullable Batch plan(TypeStream type, View view, ResourceSet to) {
        boolean marker = terms.marks(type, view.generation());
        if (type.held == to && type.owed.isEmpty() && !type.answerDue && !marker) {
            return null;
        }
        Selection selection = diffs.selection(type, to, terms);
        type.held = to;
        // Not cleared: thousands of places would stay for as long as the stream.
        type.owed = Set.of();
        boolean due = type.answerDue || marker || selection.due();
        type.answerDue = false;
        if (!due) {
            return null;
        }
        oweCompanions(type, selection.changed());
        return new Batch(
                type, view.generation(), view.type(type.typeUrl).version(), selection.parts(), selection.removed());
    }

    private void oweCompanions(TypeStream type, List<Resource> changed) {
        String url = terms.order().companions().get(type.typeUrl);
        if (url == null) {
            return;
        }
        TypeStream companion = types.get(url);
        if (companion == null) {
            // A client that returns may ask for them a moment later, and say that it holds them.
            changed.forEach(resource ->
                    early.computeIfAbsent(url, key -> new HashSet<>()).add(resource.name()));
        } else {
            Set<String> wanted = diffs.wanted(changed, companion.subscription);
            if (wanted.isEmpty()) {
                return;
            }
            companion.owed = companion.owed.isEmpty() ? wanted : diffs.both(companion.owed, wanted);
            companion.answerDue |= companion.subscription.namespaced();
        }
    }

    private ResponseFrame part(Batch from, Instant at) {
        Batch.Part part = from.part();
        TypeStream type = from.type;
        View view = target;
        boolean commits = part.last() && terms.commits() && view != null && whole(view, type);
        String version = diffs.versions().of(from.generation, from.hash, !part.last(), commits);
        String text = Long.toString(++nonce);
        type.sent(nonce, version, from.generation, part.contents().names(), at);
        if (part.last()) {
            type.generation = from.generation;
            batch = null;
        }
        if (commits) {
            inOrder.forEach(each -> each.generation = from.generation);
        }
        return type.delta
                ? encoder.delta(type.typeUrl, text, version, part.contents(), part.removed())
                : encoder.world(type.typeUrl, text, version, part.contents());
    }

    private static long number(String nonce) {
        try {
            return Long.parseLong(nonce);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
