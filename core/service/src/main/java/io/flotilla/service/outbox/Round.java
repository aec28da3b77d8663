package io.flotilla.service.outbox;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Those whose records one force of the disk keeps. The first of them makes it, once the round before is over. */
final class Round {
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile @Nullable Round before;
    private volatile @Nullable IOException problem;
    private boolean led;

    Round(@Nullable Round before) {
        this.before = before;
    }

    /** Guarded by the outbox: true for the first who asks. */
    boolean lead() {
        boolean first = !led;
        led = true;
        return first;
    }

    @Nullable
    Round before() {
        return before;
    }

    boolean over() {
        return end.getCount() == 0;
    }

    /** @param failed null where the disk has them */
    void end(@Nullable IOException failed) {
        if (!over()) {
            problem = failed;
            before = null;
            end.countDown();
        }
    }

    /** Returns when the disk has them; throws where it does not. */
    void await() throws IOException, InterruptedException {
        end.await();
        check();
    }

    void check() throws IOException {
        IOException failed = problem;
        if (failed != null) {
            throw new IOException(String.valueOf(failed.getMessage()), failed);
        }
    }

    /** Waits for the round before; whoever leads does so even where it is told to end, since others wait for it. */
    boolean awaitBefore() {
        boolean interrupted = false;
        Round last = before;
        while (last != null) {
            try {
                last.end.await();
                last = null;
                before = null;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }
}
