package io.flotilla.telemetry.record;

import java.util.Optional;

/**
 * A workload's identity, taken apart.
 *
 * @param uri            "spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/NAME" as it stands in the certificate
 * @param namespace      of the service account
 * @param serviceAccount its name
 */
public record Principal(String uri, String namespace, String serviceAccount) {
    private static final String SCHEME = "spiffe://";
    private static final int PARTS = 5;

    /** Empty where the URI names something else than a Kubernetes service account. */
    public static Optional<Principal> parse(String uri) {
        if (!uri.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String[] parts = uri.substring(SCHEME.length()).split("/", -1);
        boolean serviceAccount = parts.length == PARTS && parts[1].equals("ns") && parts[3].equals("sa");
        return serviceAccount ? Optional.of(new Principal(uri, parts[2], parts[4])) : Optional.empty();
    }
}
