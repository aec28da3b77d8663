package io.flotilla.citadel;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Repeats what Citadel publishes in the cluster, so that what is new, changed or removed there gets it too. */
final class Publication implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("citadel");
    private static final int PERIOD_SECONDS = 10;
    private static final int SELDOM_SECONDS = 600;

    private final ScheduledExecutorService timer;
    private final String what;
    private final Pass pass;
    private @Nullable Future<?> repeating;
    private volatile List<String> problems = List.of();

    /** Looks at everything once, and tells what could not be done. */
    interface Pass {
        List<String> run() throws IOException;
    }

    private Publication(String what, Pass pass) {
        this.what = what;
        this.pass = pass;
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("publication of " + what).factory());
    }

    /** Begins at once. */
    static Publication start(String what, Pass pass) {
        return start(what, pass, PERIOD_SECONDS);
    }

    /** For what nobody waits for. */
    static Publication seldom(String what, Pass pass) {
        return start(what, pass, SELDOM_SECONDS);
    }

    private static Publication start(String what, Pass pass, int seconds) {
        Publication publication = new Publication(what, pass);
        publication.repeating =
                publication.timer.scheduleWithFixedDelay(publication::pass, 0, seconds, TimeUnit.SECONDS);
        return publication;
    }

    /** Once more, before it would be due. */
    void soon() {
        timer.execute(this::pass);
    }

    private void pass() {
        try {
            told(pass.run());
        } catch (IOException | RuntimeException e) {
            // The API server may be away for a while; a timer that throws would never run again.
            told(List.of(String.valueOf(e.getMessage())));
        }
    }

    /** What stays as it was is in the log once. */
    private void told(List<String> now) {
        if (!now.equals(problems)) {
            LOG.warnf("%s not published: %s", what, now.isEmpty() ? "nothing any more" : now);
        }
        problems = List.copyOf(now);
    }

    /** What the last pass could not do. */
    List<String> problems() {
        return problems.stream().map(problem -> what + ": " + problem).toList();
    }

    @Override
    public void close() {
        if (repeating != null) {
            repeating.cancel(true);
        }
        timer.shutdownNow();
    }
}
