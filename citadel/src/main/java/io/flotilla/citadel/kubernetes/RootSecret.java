package io.flotilla.citadel.kubernetes;

import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.citadel.kubernetes.KubernetesApi.Answer;
import io.flotilla.citadel.root.RootStore;
import io.flotilla.identity.authority.Authority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A self-signed root in a Secret of the classic form: type istio.io/ca-root, with ca-cert.pem and ca-key.pem. The API
 * server creates a name only once, so that replicas agree.
 *
 * @param api       of the cluster
 * @param namespace of the Secret
 * @param name      classic: istio-ca-secret
 */
public record RootSecret(KubernetesApi api, String namespace, String name) implements RootStore {
    private static final String TYPE = "istio.io/ca-root";
    private static final String CERTIFICATE = "ca-cert.pem";
    private static final String KEY = "ca-key.pem";

    @Override
    public Authority loadOrCreate(NewRoot wanted, Instant now, SecureRandom random) throws IOException {
        String collection = "/api/v1/namespaces/" + namespace + "/secrets";
        Answer found = api.get(collection + "/" + name);
        if (found.missing()) {
            Answer made = api.create(collection, secret(wanted.make(now, random)));
            found = made.conflict() ? api.get(collection + "/" + name) : made;
        }
        if (!found.done()) {
            throw new IOException("secret " + namespace + "/" + name + ": the API server says " + found.reason());
        }
        Struct secret = found.body();
        return Authority.parse(decoded(secret, CERTIFICATE), decoded(secret, KEY))
                .orElseThrow(() -> new IOException(
                        "secret " + namespace + "/" + name + " has no signing certificate and its key in " + CERTIFICATE
                                + " and " + KEY + "; restore it, or delete it for a new root"));
    }

    @Override
    public Map<String, String> read() throws IOException {
        Answer found = api.get(path());
        if (!found.done()) {
            throw new IOException(this + ": the API server says " + found.reason());
        }
        Map<String, String> entries = new HashMap<>();
        for (String name : List.of(OTHER_CERTIFICATE, OTHER_KEY, ROTATION)) {
            String text = decoded(found.body(), name);
            if (!text.isEmpty()) {
                entries.put(name, text);
            }
        }
        return Map.copyOf(entries);
    }

    @Override
    public void write(Map<String, String> entries) throws IOException {
        patch(entries);
    }

    @Override
    public void promote(Authority root) throws IOException {
        patch(Map.of(CERTIFICATE, root.certificatePem(), KEY, root.keyPem()));
    }

    private void patch(Map<String, String> entries) throws IOException {
        Struct.Builder data = Struct.newBuilder();
        entries.forEach((name, text) -> data.putFields(
                name,
                text.isEmpty()
                        ? Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build()
                        : Json.text(encoded(text))));
        Answer answer = api.patch(
                path(),
                Struct.newBuilder().putFields("data", Json.object(data.build())).build());
        if (!answer.done()) {
            throw new IOException(this + ": the API server says " + answer.reason());
        }
    }

    private String path() {
        return "/api/v1/namespaces/" + namespace + "/secrets/" + name;
    }

    private Struct secret(Authority root) {
        return Struct.newBuilder()
                .putFields("apiVersion", Json.text("v1"))
                .putFields("kind", Json.text("Secret"))
                .putFields("type", Json.text(TYPE))
                .putFields("metadata", Json.object(Json.metadata(name, Map.of())))
                .putFields(
                        "data",
                        Json.object(Json.texts(
                                Map.of(CERTIFICATE, encoded(root.certificatePem()), KEY, encoded(root.keyPem())))))
                .build();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String decoded(Struct secret, String key) {
        try {
            byte[] bytes = Base64.getDecoder().decode(Json.textAt(secret, "data", key));
            return new String(bytes, StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    @Override
    public String toString() {
        return "secret " + namespace + "/" + name;
    }
}
