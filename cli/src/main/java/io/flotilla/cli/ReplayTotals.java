package io.flotilla.cli;

import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.policy.Finding;
import io.flotilla.policy.Replay;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a replay found, grouped; for one thread. */
final class ReplayTotals {
    private static final int MOST = 10_000;

    private final Replay replay;
    private final Instant since;
    private final Map<Group, Change> changes = new HashMap<>();
    private final Map<String, Long> undecided = new TreeMap<>();
    private long judged;
    private long drifted;
    private long others;

    /** Requests that are alike; a connection has no method and path. */
    record Group(String source, String destination, String method, String path, boolean denied) {}

    /** What would become of them. */
    record Change(Group group, Finding because, long times, Instant last) {}

    ReplayTotals(Replay replay, Instant since) {
        this.replay = replay;
        this.since = since;
    }

    void take(RequestRecord record) {
        Instant start = Instant.ofEpochSecond(
                record.getStart().getSeconds(), record.getStart().getNanos());
        if (start.isBefore(since)) {
            return;
        }
        Replay.Outcome outcome = replay.of(record);
        if (!(outcome instanceof Replay.Outcome.Irrelevant)) {
            judged++;
        }
        switch (outcome) {
            case Replay.Outcome.Irrelevant irrelevant -> {}
            case Replay.Outcome.Same same -> {}
            case Replay.Outcome.Drifted drift -> drifted++;
            case Replay.Outcome.Undecided(String why) -> undecided.merge(why, 1L, Long::sum);
            case Replay.Outcome.Changed(boolean denied, Finding because) -> change(record, start, denied, because);
        }
    }

    private void change(RequestRecord record, Instant start, boolean denied, Finding because) {
        Group group = new Group(
                name(record.getSource()),
                name(record.getDestination()),
                record.getHttp().getMethod(),
                record.getHttp().getPath(),
                denied);
        if (changes.size() >= MOST && !changes.containsKey(group)) {
            others++;
            return;
        }
        changes.merge(
                group,
                new Change(group, because, 1, start),
                (old, fresh) -> new Change(
                        group,
                        old.because(),
                        old.times() + 1,
                        old.last().isAfter(fresh.last()) ? old.last() : fresh.last()));
    }

    private static String name(Peer peer) {
        int colon = peer.getAddress().lastIndexOf(':');
        return !peer.getWorkload().isEmpty()
                ? peer.getNamespace() + "/" + peer.getWorkload()
                : !peer.getPrincipal().isEmpty()
                        ? peer.getPrincipal()
                        : colon < 0 ? "unknown" : peer.getAddress().substring(0, colon);
    }

    /** Most frequent first. */
    List<Change> changes() {
        List<Change> sorted = new ArrayList<>(changes.values());
        sorted.sort(Comparator.comparingLong(Change::times)
                .reversed()
                .thenComparing(change -> change.group().toString()));
        return sorted;
    }

    /** Records whose verdict is not known, by the reason. */
    Map<String, Long> undecided() {
        return undecided;
    }

    /** Records that policies had a say in. */
    long judged() {
        return judged;
    }

    /** Records whose verdict would be another today, without the policy in question. */
    long drifted() {
        return drifted;
    }

    /** Records of groups past the most that are told apart. */
    long others() {
        return others;
    }
}
