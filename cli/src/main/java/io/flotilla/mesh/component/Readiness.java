package io.flotilla.mesh.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a component still lacks to be ready, in words. */
final class Readiness {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;

    private Readiness() {}

    /** Asks a service's health; empty if it is ready. */
    static String missing(int port) {
        return missing(Http.answer("127.0.0.1", port, "/health/ready"), port);
    }

    /** What an answer of MicroProfile Health says: the checks that are down, with their data. */
    static String missing(Optional<Http.Answer> answer, int port) {
        if (answer.isEmpty()) {
            return "nobody answers on port " + port;
        }
        if (answer.get().status() == OK) {
            return "";
        }
        String checks = down(answer.get().body());
        return checks.isEmpty() ? "not ready, status " + answer.get().status() : checks;
    }

    private static String down(String body) {
        try {
            return JSON.readTree(body)
                    .path("checks")
                    .valueStream()
                    .filter(check -> check.path("status").asText().equals("DOWN"))
                    .map(check -> check.path("name").asText() + " is down" + data(check.path("data")))
                    .collect(Collectors.joining("; "));
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    private static String data(JsonNode data) {
        String text = data.propertyStream()
                .filter(each -> !each.getValue().asText().isEmpty())
                .map(each -> each.getKey() + " " + each.getValue().asText())
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "" : ": " + text;
    }
}
