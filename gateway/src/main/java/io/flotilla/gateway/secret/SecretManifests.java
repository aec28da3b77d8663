package io.flotilla.gateway.secret;

import io.flotilla.config.yaml.PlainYaml;
import io.flotilla.identity.credential.TlsCredential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads credentials from manifests of Secrets, under the keys that Istio knows: tls.crt, tls.key, ca.crt (type
 * kubernetes.io/tls), or cert, key, cacert.
 */
final class SecretManifests {
    private SecretManifests() {}

    /** The credentials of one namespace; a Secret that names none belongs to it. */
    static List<TlsCredential> read(String yaml, String namespace) throws IOException {
        List<TlsCredential> credentials = new ArrayList<>();
        try {
            for (Object document : PlainYaml.readAll(yaml)) {
                if (document instanceof Map<?, ?> secret
                        && "Secret".equals(secret.get("kind"))
                        && secret.get("metadata") instanceof Map<?, ?> metadata
                        && metadata.get("name") instanceof String name
                        && (!metadata.containsKey("namespace") || namespace.equals(metadata.get("namespace")))) {
                    credentials.add(new TlsCredential(
                            name,
                            value(secret, "tls.crt", "cert"),
                            value(secret, "tls.key", "key"),
                            value(secret, "ca.crt", "cacert")));
                }
            }
        } catch (YamlEngineException e) {
            throw new IOException("no YAML: " + e.getMessage(), e);
        }
        return credentials;
    }

    private static String value(Map<?, ?> secret, String... keys) throws IOException {
        for (String key : keys) {
            if (secret.get("stringData") instanceof Map<?, ?> plain && plain.get(key) instanceof String text) {
                return text;
            }
            if (secret.get("data") instanceof Map<?, ?> encoded && encoded.get(key) instanceof String base64) {
                try {
                    return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    throw new IOException("data." + key + " is no Base64", e);
                }
            }
        }
        return "";
    }
}
