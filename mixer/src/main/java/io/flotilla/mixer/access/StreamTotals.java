package io.flotilla.mixer.access;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What is known of access log streams; for any number of threads. */
public final class StreamTotals {
    private final AtomicLong open = new AtomicLong();
    private final LongAdder opened = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder unreadable = new LongAdder();

    void opened() {
        open.incrementAndGet();
        opened.increment();
    }

    void ended(boolean inOrder) {
        open.decrementAndGet();
        if (!inOrder) {
            lost.increment();
        }
    }

    void refused() {
        refused.increment();
    }

    void message() {
        messages.increment();
    }

    void unreadable() {
        unreadable.increment();
    }

    public long open() {
        return open.get();
    }

    public long allOpened() {
        return opened.sum();
    }

    /** Streams that broke off: what their proxies held at that moment may be lost. */
    public long lost() {
        return lost.sum();
    }

    /** Streams of peers that may not report what they did. */
    public long allRefused() {
        return refused.sum();
    }

    public long messages() {
        return messages.sum();
    }

    /** Entries that could not be translated, which is a defect. */
    public long allUnreadable() {
        return unreadable.sum();
    }
}
