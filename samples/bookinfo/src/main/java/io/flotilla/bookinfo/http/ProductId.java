package io.flotilla.bookinfo.http;

import java.util.Optional;

/** The number of a book in a path. */
public final class ProductId {
    private ProductId() {}

    public static Optional<Integer> parse(String text) {
        try {
            int number = Integer.parseInt(text);
            return number < 0 ? Optional.empty() : Optional.of(number);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
