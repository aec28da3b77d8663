package io.flotilla.e2e.mesh;

import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a reader of the product page sees. */
public final class Bookinfo {
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final int AT_ONCE = 16;
    private static final List<String> ROUTED = List.of("productpage", "reviews", "ratings", "details");

    private Bookinfo() {}

    /** The version of reviews that made a page. */
    public enum Reviews {
        /** No stars. */
        V1,
        /** Black stars. */
        V2,
        /** Red stars. */
        V3,
        /** No reviews at all: an error, or a page of another kind. */
        NONE;

        public static Reviews on(Answer page) {
            if (!page.ok() || !page.body().contains("Reviewer1")) {
                return NONE;
            }
            if (page.body().contains("class=\"stars red\"")) {
                return V3;
            }
            return page.body().contains("class=\"stars black\"") ? V2 : V1;
        }
    }

    /** Puts the configuration back to what {@code flotilla up} started with and waits until it holds. */
    public static void reset(Mesh mesh) {
        // Each command is a process of its own: one for all of them.
        mesh.flotilla(Stream.concat(Stream.of("delete", "virtualservice"), ROUTED.stream())
                .toArray(String[]::new));
        mesh.applySample("networking/destination-rule-all.yaml", "networking/bookinfo-gateway.yaml");
        Call page = mesh.ingress("/productpage");
        java.util.EnumSet<Reviews> seen = java.util.EnumSet.noneOf(Reviews.class);
        mesh.awaitAnswer(page, SETTLE, answer -> {
            seen.add(Reviews.on(answer));
            return seen.containsAll(List.of(Reviews.V1, Reviews.V2, Reviews.V3));
        });
    }

    /** Asks for the page so often, a few at a time. */
    public static List<Answer> ask(Call page, int times) {
        Semaphore slots = new Semaphore(AT_ONCE);
        List<Future<Answer>> asked = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < times; i++) {
                asked.add(workers.submit(() -> {
                    slots.acquire();
                    try {
                        return io.flotilla.e2e.load.HttpConnection.once(page);
                    } finally {
                        slots.release();
                    }
                }));
            }
        }
        return asked.stream().map(Future::resultNow).toList();
    }

    /** Only one version answers from now on. Of three by chance it would be one alone once in a billion times. */
    public static void awaitOnly(Call page, Reviews version, Duration limit) {
        awaitAll(page, "only " + version, limit, answer -> Reviews.on(answer) == version);
    }

    /** Every page is so from now on, whichever of the proxies' threads it passes. */
    public static void awaitAll(Call page, String what, Duration limit, Predicate<Answer> wanted) {
        Eventually.holds(limit, () -> what, () -> ask(page, 20).stream().allMatch(wanted));
    }

    /** One version of three answers no more; that it only has not would come less than once in a million times. */
    public static void awaitNever(Call page, Reviews version, Duration limit) {
        Eventually.holds(
                limit, () -> "no more " + version, () -> !count(ask(page, 40)).containsKey(version));
    }

    public static Map<Reviews, Integer> count(Collection<Answer> pages) {
        Map<Reviews, Integer> counts = new EnumMap<>(Reviews.class);
        pages.forEach(page -> counts.merge(Reviews.on(page), 1, Integer::sum));
        return counts;
    }
}
