package io.flotilla.service.outbox;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Carries an outbox away, on a thread of its own: a batch leaves the outbox when all of it is confirmed. */
public final class OutboxSender implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(OutboxSender.class.getName());
    private static final int AT_ONCE = 500;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration END = Duration.ofSeconds(5);

    private final String what;
    private final Outbox outbox;
    private final Target target;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean away;
    private final AtomicLong written = new AtomicLong();

    /** Where it is carried to, that is, Kafka. */
    public interface Target {
        /** Connects. */
        Connection connect() throws Undelivered, InterruptedException;
    }

    /** A connection; closing it waits for nothing, since whatever is on its way comes again from the outbox. */
    public interface Connection extends AutoCloseable {
        /** Returns when all of it is confirmed. */
        void send(Outbox.Batch batch) throws Undelivered, InterruptedException;

        @Override
        void close();
    }

    /** Not now. */
    public static final class Undelivered extends Exception {
        private static final long serialVersionUID = 1;

        public Undelivered(Throwable cause) {
            super(String.valueOf(cause), cause);
        }
    }

    /**
     * Not started.
     *
     * @param what "the history of configuration", for messages
     */
    public OutboxSender(String what, Outbox outbox, Target target) {
        this.what = what;
        this.outbox = outbox;
        this.target = target;
        thread = Thread.ofPlatform().daemon().name("outbox-sender").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** The last try did not succeed. */
    public boolean away() {
        return away;
    }

    /** Records that are confirmed. */
    public long written() {
        return written.get();
    }

    private void run() {
        while (running) {
            try (Connection connection = target.connect()) {
                carry(connection);
            } catch (Undelivered e) {
                failed(e);
            } catch (IOException e) {
                LOG.log(Level.ERROR, "the outbox cannot be read: " + e);
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void carry(Connection connection) throws IOException, InterruptedException, Undelivered {
        while (running) {
            Outbox.Batch batch = outbox.next(AT_ONCE, POLL);
            if (batch.records().isEmpty()) {
                continue;
            }
            connection.send(batch);
            outbox.done(batch);
            written.addAndGet(batch.records().size());
            if (away) {
                away = false;
                LOG.log(Level.INFO, "Kafka takes " + what + " again");
            }
        }
    }

    private void failed(Undelivered problem) {
        if (!away) {
            away = true;
            LOG.log(Level.WARNING, "Kafka is away, " + what + " waits on disk: " + problem.getMessage());
        }
        pause();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
