package io.flotilla.galley.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.galley.kubernetes.Signals.Signal;
import io.flotilla.galley.kubernetes.WatchState.Happening;
import io.flotilla.galley.source.MassDeletionGuard.Pending;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Reads one target for as long as it is served, on a virtual thread of its own: lists, watches, and tells what is new. */
final class KindWatch {
    private static final System.Logger LOG = System.getLogger(KindWatch.class.getName());
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final Duration SLACK = Duration.ofSeconds(15);

    private final Target target;
    private final ClusterClient client;
    private final Owner owner;
    private final Signals signals = new Signals();
    private volatile WatchState state = WatchState.first();
    private volatile KnownObjects known;
    private volatile boolean listed;
    private volatile boolean stopped;
    private volatile @Nullable Trouble trouble = new Trouble(Instant.now(), "not listed yet");

    /**
     * A watch that does not run yet.
     *
     * @param known what an earlier run or an earlier watch told
     */
    KindWatch(Target target, ClusterClient client, Owner owner, KnownObjects known) {
        this.target = target;
        this.client = client;
        this.owner = owner;
        this.known = known;
    }

    /** Since when changes may be missed, and why. */
    record Trouble(Instant since, String why) {}

    /** What the watch belongs to. */
    interface Owner {
        /** Tells what is new; called on the watch's thread, also when nothing is and the watch has become whole. */
        void told(KindWatch watch, Map<String, Optional<String>> news);

        boolean selects(String namespace);

        /** It is known of the namespace that it is not read (any more): it lost its label, or it was deleted. */
        boolean passesOver(String namespace);

        /** False until it is known which namespaces are read. */
        boolean listable(Target target);

        KubernetesSource.Options options();
    }

    void start() {
        Thread.ofVirtual().name("watch " + target.id()).start(this::run);
    }

    void stop() {
        stopped = true;
        signals.wish(false);
    }

    void relist() {
        signals.wish(false);
    }

    void confirm() {
        signals.wish(true);
    }

    Target target() {
        return target;
    }

    /** Everything was listed once, and nothing waits that was never listed by this process. */
    boolean whole() {
        return listed;
    }

    KnownObjects known() {
        return known;
    }

    Optional<Trouble> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** The kind is not served any more, and nothing of it is held. */
    boolean over() {
        return stopped || (state instanceof WatchState.Absent && known.texts().isEmpty() && listed);
    }

    private void run() {
        try {
            while (!stopped && !over()) {
                step();
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "watch of {0} ends", target.id());
        } catch (RuntimeException | Error e) {
            trouble(target.id() + ": " + e);
            LOG.log(System.Logger.Level.ERROR, "the watch of " + target.id() + " failed, its objects are frozen", e);
            throw e;
        }
    }

    private void step() throws InterruptedException {
        pause(Backoff.delay(state.failed(), ThreadLocalRandom.current().nextDouble()));
        if (stopped) {
            return;
        }
        switch (state) {
            case WatchState.Listing(int failures) -> list();
            case WatchState.Watching(String at, int failures, int refusals) -> watch(at);
            case WatchState.Absent() -> absent();
        }
    }

    /** Waits, unless there is a wish. */
    private void pause(Duration delay) throws InterruptedException {
        long end = System.nanoTime() + delay.toNanos();
        while (!stopped) {
            Signal signal = signals.until(end);
            if (signal == null) {
                return;
            }
            if (signal instanceof Signal.Wish wish) {
                fulfil(wish);
                return;
            }
        }
    }

    private void fulfil(Signal.Wish wish) {
        if (wish.confirm() && known.pending() != null) {
            take(known.confirmed());
        }
        happened(new Happening.Asked());
    }

    private void list() throws InterruptedException {
        if (!owner.listable(target)) {
            pause(MOMENT);
            return;
        }
        if (!target.served()) {
            happened(new Happening.Failed(WatchState.NOT_FOUND, "not served"));
            return;
        }
        Page page = new Page(target, owner::selects);
        Map<String, String> documents = new TreeMap<>();
        String token = "";
        while (!stopped) {
            String more = token.isEmpty() ? "" : "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
            ClusterClient.Answer answer =
                    client.get(target.path() + "limit=" + owner.options().page() + more);
            if (!answer.ok()) {
                happened(new Happening.Failed(answer.status(), answer.error()));
                return;
            }
            documents.putAll(page.documents(answer.body()));
            token = Page.next(answer.body()).orElse("");
            if (token.isEmpty()) {
                taken(documents);
                happened(new Happening.Listed(Page.version(answer.body())));
                return;
            }
        }
    }

    /** A kind that is not served has no objects: the guard decides about those that were known. */
    private void absent() throws InterruptedException {
        taken(Map.of());
        Pending waits = known.pending();
        if (waits != null) {
            pause(Duration.between(Instant.now(), owner.options().guard().due(waits)));
            happened(new Happening.Asked());
        }
    }

    private void taken(Map<String, String> documents) {
        KnownObjects.Step step = known.listed(
                documents,
                document -> DocumentNames.key(document)
                        .filter(key -> owner.passesOver(key.namespace()))
                        .isPresent(),
                owner.options().guard(),
                Instant.now());
        Pending before = known.pending();
        Pending now = step.state().pending();
        if (now != null && (before == null || !before.names().equals(now.names()))) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: a list lacks {1} of {2} objects; they are kept until one after {3} says the same, or"
                            + " \"flotilla config confirm kubernetes {0}\" says that it is meant (FL0711)",
                    target.id(),
                    now.names().size(),
                    known.texts().size(),
                    owner.options().guard().due(now));
        }
        boolean first = !listed;
        listed |= now == null;
        known = step.state();
        trouble = null;
        if (first || !step.news().isEmpty()) {
            owner.told(this, step.news());
        }
    }

    private void take(KnownObjects.Step step) {
        known = step.state();
        boolean first = !listed && step.state().pending() == null;
        listed |= first;
        if (first || !step.news().isEmpty()) {
            owner.told(this, step.news());
        }
    }

    private void watch(String from) throws InterruptedException {
        if (state.failed() > 0 && isBehind(from)) {
            return;
        }
        Object id = new Object();
        Duration lasts = owner.options().watch();
        String path = target.path() + "watch=true&allowWatchBookmarks=true&resourceVersion=" + from + "&timeoutSeconds="
                + lasts.toSeconds();
        long end = System.nanoTime() + lasts.plus(SLACK).toNanos();
        try (ClusterClient.Stream _ = client.open(path, signals.of(id))) {
            boolean progress = false;
            while (!stopped) {
                long next = Math.min(end, confirmation());
                Signal signal = signals.until(next);
                if (signal == null) {
                    happened(
                            next == end ? new Happening.Failed(0, "nothing came for " + lasts) : new Happening.Asked());
                    return;
                }
                switch (signal) {
                    case Signal.Wish wish -> {
                        fulfil(wish);
                        return;
                    }
                    case Signal.Opened(Object of, int status, String error)
                    when of == id -> {
                        if (status != 200) {
                            happened(new Happening.Failed(status, error));
                            return;
                        }
                        trouble = null;
                    }
                    case Signal.Line line
                    when line.stream() == id -> {
                        progress = true;
                        if (!events(signals.burst(line))) {
                            return;
                        }
                    }
                    case Signal.Closed(Object of, String error)
                    when of == id -> {
                        happened(error.isEmpty() ? new Happening.Ended(progress) : new Happening.Failed(0, error));
                        return;
                    }
                    default -> {
                        // of a stream that was given up
                    }
                }
            }
        }
    }

    /**
     * A server that came back with another storage would let a watch from a place that it has not reached wait in
     * silence: so it is asked where it is.
     */
    private boolean isBehind(String place) {
        ClusterClient.Answer answer = client.get(target.path() + "limit=1");
        if (!answer.ok()) {
            happened(new Happening.Failed(answer.status(), answer.error()));
            return true;
        }
        String now = Page.version(answer.body());
        if (Page.isOlder(now, place)) {
            happened(new Happening.Failed(WatchState.TOO_LARGE, "the server is at " + now + ", before " + place));
            return true;
        }
        return false;
    }

    /** When a list is due that confirms deletions, in nanoseconds of the clock of waiting. */
    private long confirmation() {
        Pending waits = known.pending();
        if (waits == null) {
            return Long.MAX_VALUE;
        }
        return System.nanoTime()
                + Duration.between(Instant.now(), owner.options().guard().due(waits))
                        .toNanos();
    }

    /** Takes lines as one change; false: the watch is over. */
    private boolean events(List<String> lines) {
        Page page = new Page(target, owner::selects);
        Map<String, Optional<String>> news = new TreeMap<>();
        Happening last = null;
        for (String line : lines) {
            JsonNode event = client.parse(line);
            JsonNode object = event.path("object");
            String type = event.path("type").asText();
            if (type.equals("ERROR") || type.isEmpty()) {
                last = new Happening.Failed(
                        object.path("code").asInt(0), object.path("message").asText(line));
                break;
            }
            last = new Happening.Advanced(Page.version(object));
            if (!type.equals("BOOKMARK")) {
                boolean there = !type.equals("DELETED") && page.isSelected(object);
                KnownObjects.Step step =
                        known.seen(page.document(object), there ? Optional.of(page.text(object)) : Optional.empty());
                known = step.state();
                news.putAll(step.news());
            }
        }
        if (!news.isEmpty()) {
            owner.told(this, news);
        }
        if (last != null) {
            happened(last);
        }
        return last instanceof Happening.Advanced;
    }

    private void happened(Happening happening) {
        WatchState before = state;
        state = before.after(happening);
        if (happening instanceof Happening.Failed(int status, String why)) {
            boolean usual = status == 0 || status == WatchState.GONE || status == WatchState.NOT_FOUND;
            LOG.log(
                    usual || state.failed() > 1 ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "{0}: {1} {2}; {3}",
                    target.id(),
                    status,
                    why,
                    state);
            trouble(target.id() + ": " + (status == 0 ? "" : status + " ") + why);
        }
    }

    private void trouble(String why) {
        Trouble last = trouble;
        trouble = new Trouble(last == null ? Instant.now() : last.since(), why);
    }
}
