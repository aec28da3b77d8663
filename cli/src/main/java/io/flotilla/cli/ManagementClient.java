package io.flotilla.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Reads a service's management port on this machine.
 *
 * @param service as messages name it
 * @param port    on loopback
 */
record ManagementClient(String service, int port) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    /** The JSON at a path; a service that is away or says no ends the command. */
    JsonNode json(String pathAndQuery) {
        return ask("GET", pathAndQuery);
    }

    /** The same, of a request that changes something. */
    JsonNode post(String pathAndQuery) {
        return ask("POST", pathAndQuery);
    }

    private JsonNode ask(String method, String pathAndQuery) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + pathAndQuery)
                    .toURL()
                    .openConnection();
            connection.setRequestMethod(method);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                String text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
                if (status >= 400) {
                    throw CommandFailure.no(service + " answers " + status + ": " + text.strip());
                }
                return JSON.readTree(text);
            }
        } catch (JsonProcessingException e) {
            throw CommandFailure.couldNotRun(service + " answers no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(service + " cannot be reached on port " + port + ": " + e.getMessage()
                    + "; see \"flotilla status\"");
        }
    }
}
