package io.flotilla.galley.webhook;

import com.fasterxml.jackson.databind.JsonNode;

/** What of the API server the registration needs. */
interface WebhookApi {
    /**
     * An answer.
     *
     * @param status HTTP's; 0 where there was none
     * @param body   missing where it is no JSON
     * @param error  what is wrong, in words
     */
    record Answer(int status, JsonNode body, String error) {
        boolean ok() {
            return status >= 200 && status < 300;
        }
    }

    Answer get(String path);

    Answer send(String method, String path, String contentType, JsonNode body);
}
