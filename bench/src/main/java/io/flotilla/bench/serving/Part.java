package io.flotilla.bench.serving;

import java.util.List;

/** What of a phase's frames belongs to one of its events. */
final class Part {
    private Part() {}

    static <T> List<T> of(List<T> frames, int event, int events) {
        return frames.subList(frames.size() * event / events, frames.size() * (event + 1) / events);
    }
}
