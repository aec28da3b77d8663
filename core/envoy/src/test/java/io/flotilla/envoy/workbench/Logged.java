package io.flotilla.envoy.workbench;

/**
 * Envoy's account of a request or a connection.
 *
 * @param id       of the test's request, empty for TCP
 * @param cluster  that it was sent to, empty where to none
 * @param route    name of the route, empty where it has none
 * @param flags    Envoy's response flags, empty where none
 * @param code     of the answer, 0 for TCP
 * @param details  why
 * @param chain    name of the filter chain
 * @param upstream host that it was sent to
 * @param attempts how often it was sent
 * @param peer     port of the caller
 * @param rules    what rules found, JSON
 */
public record Logged(
        String id,
        String cluster,
        String route,
        String flags,
        int code,
        String details,
        String chain,
        String upstream,
        int attempts,
        int peer,
        String rules) {
    static Logged parse(String line) {
        String[] parts = line.split("\t", -1);
        return new Logged(
                value(parts[0]),
                value(parts[1]),
                value(parts[2]),
                value(parts[3]),
                Integer.parseInt(parts[4]),
                value(parts[5]),
                value(parts[6]),
                value(parts[7]),
                value(parts[8]).isEmpty() ? 0 : Integer.parseInt(parts[8]),
                Integer.parseInt(parts[9]),
                value(parts[10]));
    }

    private static String value(String text) {
        return text.equals("-") ? "" : text;
    }
}
