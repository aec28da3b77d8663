package io.flotilla.envoy.behaviour;

import io.flotilla.envoy.workbench.App;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How an application behaves that keeps everybody waiting, until all are let go: what is under way at once then is sure. */
final class Held implements App.Behaviour {
    // No caller waits longer either.
    private static final long LIMIT_SECONDS = 60;

    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger askers = new AtomicInteger();

    @Override
    public App.Answer answer(App.Request request) {
        askers.incrementAndGet();
        try {
            over.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return App.Answer.OK;
    }

    /** How many have asked so far. */
    int askers() {
        return askers.get();
    }

    /** All are answered, those who ask later at once. */
    void letGo() {
        over.countDown();
    }
}
