package io.flotilla.service.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records that Kafka does not have yet, on disk, in order. Files "outbox-N" are filled one after the other and deleted
 * when Kafka has all of one; "position" says up to where. A record may come twice after a crash, none is left out
 * unless the cap is reached. For any number of threads: those that wait for the disk at the same time share one force.
 */
public final class Outbox implements AutoCloseable {
    private static final long SEGMENT_BYTES = 8L << 20;

    private final Segments segments;
    private final Limits limits;
    private final Shares shares;
    private final Force force;

    private @Nullable FileChannel tail;
    /** What is added now comes after whole frames. */
    private boolean sound = true;

    private Round round = new Round(null);
    private boolean forcing;
    private boolean drained;
    private long dropped;
    private long forces;

    /**
     * What may wait.
     *
     * @param capBytes   more than this does not wait
     * @param shareBytes more than this does not wait of one owner, where it is {@link #keep kept}
     * @param owner      of a record
     */
    public record Limits(long capBytes, long shareBytes, Function<OutboxRecord, String> owner) {
        /** Shared by nobody. */
        public static Limits of(long capBytes) {
            return new Limits(capBytes, capBytes, record -> "");
        }

        private boolean shared() {
            return shareBytes < capBytes;
        }
    }

    /** Whether a record is kept. */
    public enum Kept {
        YES,
        /** The cap is reached. */
        FULL,
        /** Its owner's share is. */
        SHARE
    }

    /** Makes sure that the disk has what a file has. */
    interface Force {
        void force(FileChannel file) throws IOException;
    }

    /**
     * Records in order.
     *
     * @param segment the file that they end in
     * @param end     the byte after the last of them
     */
    public record Batch(List<OutboxRecord> records, long segment, long end) {
        public Batch {
            records = List.copyOf(records);
        }
    }

    /**
     * What waits in a folder, that of earlier runs first.
     *
     * @param capBytes more than this does not wait
     * @param warnings is told what is damaged
     */
    public Outbox(Path folder, long capBytes, Consumer<String> warnings) throws IOException {
        this(folder, Limits.of(capBytes), warnings);
    }

    /**
     * What waits in a folder, that of earlier runs first.
     *
     * @param warnings is told what is damaged
     */
    public Outbox(Path folder, Limits limits, Consumer<String> warnings) throws IOException {
        this(folder, limits, warnings, file -> file.force(false));
    }

    Outbox(Path folder, Limits limits, Consumer<String> warnings, Force force) throws IOException {
        this.segments = new Segments(folder, warnings);
        this.limits = limits;
        this.shares = new Shares(limits.shareBytes());
        this.force = force;
        if (limits.shared()) {
            segments.forEach(
                    (body, end) -> shares.take(limits.owner().apply(OutboxRecord.of(body)), Frames.size(body)));
        }
        // What a crash left half written ends its file; the next record begins a new one.
        roll();
        drained = segments.read(1).records().isEmpty();
    }

    private void roll() throws IOException {
        FileChannel full = tail;
        if (full != null && full.isOpen()) {
            try (full) {
                force.force(full);
            } catch (IOException e) {
                fail(e);
            }
        } else if (full != null) {
            fail(new IOException("the file of the outbox was closed"));
        }
        tail = segments.begin();
        sound = true;
    }

    private void fail(IOException problem) {
        Round before = round.before();
        round.end(problem);
        round = new Round(before);
    }

    /** Adds records, or counts them as dropped past the cap. */
    public synchronized void add(List<OutboxRecord> records) throws IOException {
        for (OutboxRecord record : records) {
            if (bytes() >= limits.capBytes()) {
                dropped++;
                continue;
            }
            append(record.bytes());
        }
        rollWhenFull();
        notifyAll();
    }

    private void append(byte[] body) throws IOException {
        if (tail == null) {
            throw new IOException("the outbox is closed");
        }
        if (!sound || !tail.isOpen()) {
            roll();
        }
        // A disk that is full, or an interrupt, leaves half a frame: nothing may come after it.
        sound = false;
        Frames.append(tail, body);
        sound = true;
        drained = false;
        segments.grown(Frames.size(body));
    }

    private void rollWhenFull() throws IOException {
        // Not while somebody forces it: who does so comes here afterwards.
        if (!forcing && segments.lastBytes() > SEGMENT_BYTES) {
            roll();
        }
    }

    /** Adds a record and returns when the disk has it; where there is no room for it nothing is added. */
    public Kept keep(OutboxRecord record) throws IOException, InterruptedException {
        byte[] body = record.bytes();
        String owner = limits.shared() ? limits.owner().apply(record) : "";
        Round mine;
        boolean first;
        synchronized (this) {
            if (bytes() >= limits.capBytes()) {
                return Kept.FULL;
            }
            if (limits.shared() && !shares.mayTake(owner)) {
                return Kept.SHARE;
            }
            append(body);
            shares.take(owner, Frames.size(body));
            mine = round;
            first = mine.lead();
            notifyAll();
        }
        if (first) {
            lead(mine);
        } else {
            mine.await();
        }
        return Kept.YES;
    }

    /** Forces the disk for all of a round, while those who come meanwhile gather for the next. */
    private void lead(Round mine) throws IOException {
        boolean interrupted = mine.awaitBefore();
        FileChannel file = begin(mine);
        IOException problem = null;
        try {
            if (file != null) {
                force.force(file);
            }
        } catch (IOException e) {
            problem = e;
        }
        end(mine, problem);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        mine.check();
    }

    /** Closes a round for others; null where there is nothing to force. */
    private synchronized @Nullable FileChannel begin(Round mine) {
        if (round == mine) {
            round = new Round(mine);
        }
        forcing = tail != null && !mine.over();
        return forcing ? tail : null;
    }

    private synchronized void end(Round mine, @Nullable IOException problem) {
        forcing = false;
        forces++;
        mine.end(problem);
        if (problem != null) {
            // A disk that could not force something may say the next time that it is forced.
            sound = false;
        } else if (tail != null) {
            try {
                rollWhenFull();
            } catch (IOException e) {
                // The next record tries it again, and is told.
                sound = false;
            }
        }
        notifyAll();
    }

    /** The oldest records, at most so many; waits for one, but not longer than this. */
    public synchronized Batch next(int most, Duration atMost) throws IOException, InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        Batch batch = segments.read(most);
        while (batch.records().isEmpty()) {
            drained();
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0 || tail == null) {
                return batch;
            }
            wait(left);
            batch = segments.read(most);
        }
        return batch;
    }

    private void drained() {
        if (!drained) {
            drained = true;
            shares.clear();
        }
    }

    /** Kafka has these. */
    public synchronized void done(Batch batch) throws IOException {
        if (limits.shared()) {
            batch.records()
                    .forEach(record -> shares.giveBack(limits.owner().apply(record), Frames.size(record.bytes())));
        }
        segments.done(batch);
    }

    /** Whether Kafka has all of it: what comes after that cannot overtake anything here. */
    public synchronized boolean isDrained() {
        return drained;
    }

    /** What waits, in bytes. */
    public synchronized long bytes() {
        return segments.bytes();
    }

    /** Records that were not taken in since the cap was reached. */
    public synchronized long dropped() {
        return dropped;
    }

    /** How often those who {@link #keep} something made the disk have it. */
    public synchronized long forces() {
        return forces;
    }

    @Override
    public synchronized void close() throws IOException {
        FileChannel open = tail;
        tail = null;
        boolean interrupted = false;
        while (forcing) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (open != null && open.isOpen()) {
            force.force(open);
            open.close();
        }
        notifyAll();
    }
}
