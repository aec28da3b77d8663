package io.flotilla.galley.jwks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.config.model.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;

/** A KeySet object as the document of this source, named by its address. */
final class KeyDocuments {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "fetched-";
    private static final int NAME_BYTES = 16;
    private static final String FETCHED = "flotilla.io/fetched";

    private KeyDocuments() {}

    /** Of an object, and of its document. */
    static String name(String address) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(address.getBytes(StandardCharsets.UTF_8));
            return PREFIX + HexFormat.of().formatHex(hash, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The object is this source's own, not an operator's. */
    static boolean isOurs(String name) {
        return name.startsWith(PREFIX);
    }

    /** @param fetched when they were fetched, as far as it is told: a text that changed each time would go to everybody */
    static String text(String address, String jwks, Instant fetched) {
        ObjectNode object = JSON.createObjectNode();
        object.put("apiVersion", Kind.KEY_SET.group() + "/v1");
        object.put("kind", Kind.KEY_SET.name());
        object.putObject("metadata")
                .put("name", name(address))
                .putObject("annotations")
                .put(FETCHED, fetched.toString());
        object.putObject("spec").put("uri", address).put("jwks", jwks);
        return object.toString();
    }

    /** When the keys of a document were fetched; empty where it does not tell. */
    static Optional<Instant> fetched(String text) {
        try {
            return Optional.of(Instant.parse(JSON.readTree(text)
                    .path("metadata")
                    .path("annotations")
                    .path(FETCHED)
                    .asText()));
        } catch (JsonProcessingException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The address that a document tells; empty where it is none of ours. */
    static Optional<String> address(String text) {
        try {
            JsonNode uri = JSON.readTree(text).path("spec").path("uri");
            return uri.isTextual() ? Optional.of(uri.asText()) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
