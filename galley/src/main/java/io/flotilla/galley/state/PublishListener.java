package io.flotilla.galley.state;

/** Acts on each outcome, one after the other, on the thread that publishes: so it must not wait for anything. */
public interface PublishListener {
    /** Told after consumers were given the view. */
    void published(Publisher.Outcome outcome);

    /** Lower ones are told first. */
    default int order() {
        return 0;
    }
}
