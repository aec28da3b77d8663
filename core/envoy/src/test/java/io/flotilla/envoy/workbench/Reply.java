package io.flotilla.envoy.workbench;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a caller got.
 *
 * @param status  0 where the connection ended without an answer
 * @param headers of the answer, names in lower case
 * @param millis  that it took
 * @param log     finds what Envoy logged about it
 */
public record Reply(int status, Map<String, String> headers, String body, long millis, Log log) {
    /** Where Envoy's own account of a request is found. */
    @FunctionalInterface
    public interface Log {
        Logged entry() throws IOException;
    }

    static Reply of(HttpWire.@Nullable Message answer, long millis, Log log) {
        return answer == null
                ? new Reply(0, Map.of(), "", millis, log)
                : new Reply(
                        Integer.parseInt(answer.first().split(" ", 3)[1]),
                        answer.headers(),
                        answer.body(),
                        millis,
                        log);
    }

    /** The application that answered, "POD" or "ADDRESS:PORT"; empty where Envoy did. */
    public String app() {
        return headers.getOrDefault(App.NAME_HEADER, "");
    }

    /** The request line as the application saw it, such as "GET /path HTTP/1.1". */
    public String seenLine() {
        return body.lines().findFirst().orElse("");
    }

    /** The path as the application saw it. */
    public String seenPath() {
        String[] parts = seenLine().split(" ", 3);
        return parts.length > 1 ? parts[1] : "";
    }

    /** The request's headers as the application saw them. */
    public Map<String, String> seenHeaders() {
        Map<String, String> seen = new TreeMap<>();
        body.lines().skip(1).forEach(line -> {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                seen.put(line.substring(0, colon), line.substring(colon + 2));
            }
        });
        return seen;
    }

    /** What Envoy logged; waits until it has. */
    public Logged logged() throws IOException {
        return log.entry();
    }
}
