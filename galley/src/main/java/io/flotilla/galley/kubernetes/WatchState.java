package io.flotilla.galley.kubernetes;

/**
 * Where the reading of one kind stands, and what follows from what happens. A watch that breaks is taken up where it
 * was; only a server that no longer knows that place (410), or keeps refusing it, makes everything be listed again.
 */
sealed interface WatchState {
    /** Answers in a row that refuse a place, after which it is given up. */
    int MAX_REFUSALS = 4;

    int NOT_FOUND = 404;
    int GONE = 410;
    /** The server is behind the place: its storage is another one than before. */
    int TOO_LARGE = 504;

    /**
     * Everything is to be listed.
     *
     * @param failures in a row
     */
    record Listing(int failures) implements WatchState {}

    /**
     * Changes are to be watched.
     *
     * @param resourceVersion the last that was seen
     * @param failures        in a row
     * @param refusals        those among them that the server answered
     */
    record Watching(String resourceVersion, int failures, int refusals) implements WatchState {}

    /** The cluster does not serve the kind. */
    record Absent() implements WatchState {}

    /** Nothing is known yet. */
    static WatchState first() {
        return new Listing(0);
    }

    /** What may happen. */
    sealed interface Happening {
        /** The list is complete. */
        record Listed(String resourceVersion) implements Happening {}

        /** A change or a bookmark came. */
        record Advanced(String resourceVersion) implements Happening {}

        /** The server ended the watch in good order; progress: something came on it, or it lasted. */
        record Ended(boolean progress) implements Happening {}

        /** Status 0: there was no answer at all. */
        record Failed(int status, String why) implements Happening {}

        /** Somebody wants everything listed anew. */
        record Asked() implements Happening {}
    }

    /** Failures in a row, which say how long to wait. */
    default int failed() {
        return switch (this) {
            case Listing(int failures) -> failures;
            case Watching(String at, int failures, int refusals) -> failures;
            case Absent() -> 0;
        };
    }

    /** The state after something happened. */
    default WatchState after(Happening happening) {
        return switch (happening) {
            case Happening.Listed(String at) -> new Watching(at, 0, 0);
            case Happening.Advanced(String at) -> new Watching(at, 0, 0);
            case Happening.Asked() -> new Listing(0);
            case Happening.Ended(boolean progress) ->
                this instanceof Watching(String at, int failures, int refusals) && !progress
                        ? new Watching(at, failures + 1, refusals)
                        : this;
            case Happening.Failed(int status, String why) -> failure(status);
        };
    }

    private WatchState failure(int status) {
        if (status == NOT_FOUND) {
            return new Absent();
        }
        return switch (this) {
            case Listing(int failures) -> new Listing(failures + 1);
            case Watching(String at, int failures, int refusals) -> {
                boolean lost = status == GONE || status == TOO_LARGE || (status > 0 && refusals + 1 >= MAX_REFUSALS);
                yield lost
                        ? new Listing(status == GONE ? 0 : failures + 1)
                        : new Watching(at, failures + 1, status > 0 ? refusals + 1 : refusals);
            }
            case Absent() -> this;
        };
    }
}
