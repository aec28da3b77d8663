package io.flotilla.config.cel;

/**
 * Why a text is no expression.
 *
 * @param column where it shows, from 1, in characters
 * @param message what is wrong there
 */
public record CelProblem(int column, String message) {
    @Override
    public String toString() {
        return "column " + column + ": " + message;
    }
}
