package io.flotilla.bookinfo;

import java.time.Duration;

/** How reviews show ratings: not at all, or as stars of a colour. */
public sealed interface Stars {
    record None() implements Stars {}

    record Coloured(String colour) implements Stars {
        /** How long reviews wait for ratings; only the version with black stars is that patient, as in the well-known sample. */
        public Duration patience() {
            return colour.equals("black") ? Duration.ofSeconds(10) : Duration.ofMillis(2500);
        }
    }
}
