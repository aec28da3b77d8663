package io.flotilla.galley.jwks;

import io.flotilla.config.authentication.KeyAddresses;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceSink;
import io.flotilla.galley.source.SourceStatus;
import io.flotilla.service.fetch.GuardedFetch.Outcome;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the keys that policies name, and tells them as KeySet objects. Keys that were fetched once stay while their
 * address is wanted and they are not too old to be believed; where there are none, no token is good.
 */
final class JwksSource implements Source {
    private static final System.Logger LOG = System.getLogger(JwksSource.class.getName());

    /** Addresses that are fetched at the same time; the others wait for the next round. */
    private static final int AT_ONCE = 32;

    /** A round is over then, whatever a server does. */
    private static final long ROUND_SECONDS = 10;

    private final Function<URI, Outcome> fetch;
    private final Clock clock;
    private final Schedule schedule;
    private final Semaphore signal = new Semaphore(0);
    private final Duration maxStale;
    private final Map<String, String> told = new HashMap<>();
    private final Map<String, Instant> fetched = new HashMap<>();
    private volatile SortedSet<String> wanted = new TreeSet<>();
    private volatile @Nullable Thread thread;

    JwksSource(Function<URI, Outcome> fetch, Clock clock, Duration refresh, Duration maxStale) {
        this.fetch = fetch;
        this.clock = clock;
        this.schedule = new Schedule(refresh);
        this.maxStale = maxStale;
    }

    @Override
    public SourceName name() {
        return SourceName.JWKS;
    }

    @Override
    public void start(SourceSink sink) {
        thread = Thread.ofVirtual().name("jwks").start(() -> run(sink));
    }

    /** Policies name these addresses now. For any thread; returns at once. */
    void want(SortedSet<String> addresses) {
        if (!addresses.equals(wanted)) {
            wanted = addresses;
            signal.release();
        }
    }

    private void run(SourceSink sink) {
        try {
            sink.apply(SourceName.JWKS, kept(sink), true);
            while (true) {
                step(sink);
                Duration pause = schedule.pause(clock.instant());
                if (signal.tryAcquire(pause.toMillis() + 1, TimeUnit.MILLISECONDS)) {
                    signal.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What an earlier run fetched, told again: a restart while an issuer is away refuses nobody. */
    private Map<String, Optional<String>> kept(SourceSink sink) {
        Map<String, Optional<String>> documents = new TreeMap<>();
        for (String name : sink.held(SourceName.JWKS)) {
            Optional<String> text = sink.held(SourceName.JWKS, name);
            documents.put(name, text);
            text.flatMap(KeyDocuments::address).ifPresent(address -> {
                told.put(address, text.get());
                fetched.put(address, KeyDocuments.fetched(text.get()).orElseGet(clock::instant));
            });
        }
        return documents;
    }

    private void step(SourceSink sink) throws InterruptedException {
        Instant now = clock.instant();
        SortedSet<String> current = wanted;
        schedule.wanted(current, now);
        Map<String, Optional<String>> changes = new TreeMap<>();
        List<String> unwanted =
                told.keySet().stream().filter(each -> !current.contains(each)).toList();
        for (String address : unwanted) {
            forget(address, changes);
        }
        fetched(schedule.due(now).stream().limit(AT_ONCE).toList()).forEach((address, outcome) -> {
            switch (outcome) {
                case Outcome.Fetched(String jwks) -> {
                    schedule.succeeded(address, clock.instant());
                    fetched.put(address, clock.instant());
                    String text = KeyDocuments.text(address, jwks, told(clock.instant()));
                    if (!text.equals(told.put(address, text))) {
                        changes.put(KeyDocuments.name(address), Optional.of(text));
                    }
                }
                case Outcome.Failed(String why) -> {
                    if (schedule.failed(address, clock.instant())) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "the keys at {0}, which policies name: {1}; {2}",
                                address,
                                why,
                                told.containsKey(address)
                                        ? "those fetched before stay"
                                        : "until they are there, tokens of this issuer are refused");
                    }
                }
            }
        });
        dropStale(changes);
        if (!changes.isEmpty()) {
            sink.apply(SourceName.JWKS, changes, true);
        }
    }

    private void dropStale(Map<String, Optional<String>> changes) {
        Map.copyOf(fetched).forEach((address, at) -> {
            if (!clock.instant().isBefore(at.plus(maxStale))) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "the keys at {0} could not be fetched for {1}: they are believed no longer, tokens of this issuer"
                                + " are refused",
                        address,
                        maxStale);
                forget(address, changes);
            }
        });
    }

    private void forget(String address, Map<String, Optional<String>> changes) {
        told.remove(address);
        fetched.remove(address);
        changes.put(KeyDocuments.name(address), Optional.empty());
    }

    // A few times while they are believed, so that a start knows how old they are.
    private Instant told(Instant now) {
        long part = Math.max(1, maxStale.toSeconds() / 8);
        return Instant.ofEpochSecond(now.getEpochSecond() / part * part);
    }

    private Map<String, Outcome> fetched(List<String> addresses) throws InterruptedException {
        Map<String, Outcome> outcomes = new TreeMap<>();
        if (addresses.isEmpty()) {
            return outcomes;
        }
        try (ExecutorService some = Executors.newFixedThreadPool(
                Math.min(AT_ONCE, addresses.size()),
                Thread.ofVirtual().name("jwks-", 0).factory())) {
            List<Callable<Outcome>> work = new ArrayList<>();
            addresses.forEach(address -> work.add(() -> keys(address)));
            List<Future<Outcome>> done = some.invokeAll(work, ROUND_SECONDS, TimeUnit.SECONDS);
            for (int i = 0; i < done.size(); i++) {
                outcomes.put(addresses.get(i), result(done.get(i)));
            }
        }
        return outcomes;
    }

    private static Outcome result(Future<Outcome> done) throws InterruptedException {
        try {
            return done.get();
        } catch (CancellationException e) {
            return new Outcome.Failed("does not answer in time");
        } catch (ExecutionException e) {
            return new Outcome.Failed("cannot be fetched: " + e.getCause());
        }
    }

    private Outcome keys(String address) {
        Outcome document = fetch.apply(URI.create(address));
        if (KeyAddresses.isDiscovery(address) && document instanceof Outcome.Fetched(String configuration)) {
            Outcome named = PublicKeys.address(configuration, KeyAddresses.issuer(address));
            document = named instanceof Outcome.Fetched(String at) ? fetch.apply(URI.create(at)) : named;
        }
        return document instanceof Outcome.Fetched(String body) ? PublicKeys.of(body) : document;
    }

    /** What is wrong with one issuer is no fault of the configuration: it is logged. */
    @Override
    public SourceStatus status() {
        return new SourceStatus.Synced();
    }

    @Override
    public boolean alive() {
        Thread running = thread;
        return running != null && running.isAlive();
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
