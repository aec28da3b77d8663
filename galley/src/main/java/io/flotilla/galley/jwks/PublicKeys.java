package io.flotilla.galley.jwks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.service.fetch.GuardedFetch.Outcome;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** What of a fetched document is of use: public keys, and in an OpenID configuration the address of these. */
final class PublicKeys {
    private static final ObjectMapper JSON = new ObjectMapper();

    // A symmetric key would let everybody sign who can read the set, which is everybody.
    private static final Set<String> TYPES = Set.of("RSA", "EC", "OKP");
    private static final List<String> PUBLIC =
            List.of("kty", "use", "key_ops", "alg", "kid", "x5t", "x5t#S256", "n", "e", "crv", "x", "y");

    private PublicKeys() {}

    /**
     * The public keys of a set in canonical form: equal sets are equal texts. A key without its id, type and material
     * is not checked here: a token that it should verify is refused.
     *
     * @return keys, or why there are none; never a part of the document
     */
    static Outcome of(String document) {
        if (!(parse(document) instanceof ObjectNode set) || !(set.get("keys") instanceof ArrayNode keys)) {
            return new Outcome.Failed("is no JSON Web Key Set: a JSON object with a list \"keys\"");
        }
        ArrayNode kept = JSON.createArrayNode();
        for (JsonNode key : keys) {
            if (TYPES.contains(key.path("kty").asText())) {
                ObjectNode open = kept.addObject();
                PUBLIC.stream().filter(key::has).forEach(field -> open.set(field, key.get(field)));
            }
        }
        return kept.isEmpty()
                ? new Outcome.Failed("has no public key")
                : new Outcome.Fetched(JSON.createObjectNode().set("keys", kept).toString());
    }

    /** The address of the keys in an OpenID configuration that is the issuer's own; why there is none. */
    static Outcome address(String configuration, String issuer) {
        JsonNode document = parse(configuration);
        String named = document.path("issuer").asText();
        if (!withoutSlash(named).equals(issuer)) {
            return new Outcome.Failed("is not the OpenID configuration of " + issuer);
        }
        try {
            return new Outcome.Fetched(
                    URI.create(document.path("jwks_uri").asText()).toString());
        } catch (IllegalArgumentException e) {
            return new Outcome.Failed("has no address of keys");
        }
    }

    private static String withoutSlash(String text) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }
}
