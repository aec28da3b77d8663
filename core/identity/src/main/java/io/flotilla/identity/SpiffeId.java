package io.flotilla.identity;

import java.util.Optional;

/**
 * The identity of a workload: {@code spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT}.
 *
 * @param trustDomain who vouches for it
 * @param account     whom it names
 */
public record SpiffeId(TrustDomain trustDomain, ServiceAccount account) {
    private static final String SCHEME = "spiffe://";
    private static final int PARTS = 5;

    public static SpiffeId of(String trustDomain, String namespace, String serviceAccount) {
        return new SpiffeId(new TrustDomain(trustDomain), new ServiceAccount(namespace, serviceAccount));
    }

    /** Reads exactly the canonical form; anything else (case, encoding, query, another path) is empty. */
    public static Optional<SpiffeId> parse(String uri) {
        if (!uri.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String[] parts = uri.substring(SCHEME.length()).split("/", -1);
        if (parts.length != PARTS || !parts[1].equals("ns") || !parts[3].equals("sa")) {
            return Optional.empty();
        }
        return TrustDomain.parse(parts[0])
                .flatMap(domain ->
                        ServiceAccount.parse(parts[2], parts[4]).map(account -> new SpiffeId(domain, account)));
    }

    public String namespace() {
        return account.namespace();
    }

    public String serviceAccount() {
        return account.name();
    }

    public String uri() {
        return trustDomain.uri() + "/ns/" + account.namespace() + "/sa/" + account.name();
    }

    @Override
    public String toString() {
        return uri();
    }
}
