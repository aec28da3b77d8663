package io.flotilla.identity.csr;

import java.security.PublicKey;
import java.util.List;

/**
 * What is taken from a request: its public key, proved to be held by the sender. The names that it asks for are read
 * only to refuse those that are not the caller's; what the certificate says comes from the caller and the policy.
 *
 * @param publicKey EC on P-256, P-384 or P-521, or RSA of 2048 to 8192 bits
 * @param asked     the subject's alternative names that it asks for; its subject counts for nothing
 */
public record CertificateRequest(PublicKey publicKey, AskedNames asked) {
    /** A request that asks for no names. */
    public CertificateRequest(PublicKey publicKey) {
        this(publicKey, AskedNames.NONE);
    }

    /**
     * Alternative names, as a stranger wrote them.
     *
     * @param uris     URI names
     * @param dnsNames DNS names
     * @param others   names of all other kinds, each by its kind ("email", "IP address")
     */
    public record AskedNames(List<String> uris, List<String> dnsNames, List<String> others) {
        public static final AskedNames NONE = new AskedNames(List.of(), List.of(), List.of());

        public AskedNames {
            uris = List.copyOf(uris);
            dnsNames = List.copyOf(dnsNames);
            others = List.copyOf(others);
        }
    }
}
