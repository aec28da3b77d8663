package io.flotilla.identity.delivery;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.SigningSlot;
import io.flotilla.identity.authority.Trust;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The three files of a workload in the classic form; it prints without the key.
 *
 * @param chain leaf first, without the root: cert-chain.pem
 * @param key   its key: key.pem
 * @param roots whom to believe: root-cert.pem
 */
public record KeyAndCertificate(String chain, String key, String roots) {
    private static final double EARLIEST = 0.45;
    private static final double SPREAD = 0.1;
    private static final int SHARES = 1000;
    // Whoever can write the Secret chooses them, and a path is looked for from each to each.
    private static final int MOST_CERTIFICATES = 8;

    /**
     * Why these files must be made anew; empty where they are good for their owner and nothing is due. Renewal is due at
     * about half of the life of the certificate, for each owner at a time of its own.
     *
     * @param owner whose files they are to be
     * @param trust whom peers believe now, and who signs
     */
    public Optional<String> problem(SpiffeId owner, Trust trust, Instant now) {
        Optional<List<X509Certificate>> certificates = Certificates.parse(chain);
        if (certificates.isEmpty()) {
            return Optional.of("it holds no certificate");
        }
        if (certificates.get().size() > MOST_CERTIFICATES) {
            return Optional.of("it holds " + certificates.get().size() + " certificates");
        }
        X509Certificate leaf = certificates.get().getFirst();
        if (!Certificates.spiffeId(leaf).equals(Optional.of(owner))) {
            return Optional.of("its certificate is for " + Certificates.uris(leaf));
        }
        if (!now.isBefore(renewalOf(leaf, owner))) {
            return Optional.of("its certificate ends at " + leaf.getNotAfter().toInstant());
        }
        if (!roots.equals(Certificates.pem(trust.roots()))) {
            return Optional.of("its root certificate is not the current one");
        }
        Optional<X509Certificate> root =
                SigningSlot.path(leaf, certificates.get(), trust.roots()).map(List::getLast);
        if (root.isEmpty()
                || (!trust.root().isEmpty()
                        && !Certificates.fingerprint(root.get()).equals(trust.root()))) {
            return Optional.of("its certificate is not of the authority that signs now");
        }
        return KeyForms.parsePrivate(key)
                        .filter(parsed -> KeyForms.belongTogether(parsed, leaf.getPublicKey()))
                        .isPresent()
                ? Optional.empty()
                : Optional.of("its key is not that of its certificate");
    }

    private static Instant renewalOf(X509Certificate leaf, SpiffeId owner) {
        Instant from = leaf.getNotBefore().toInstant();
        Duration life = Duration.between(from, leaf.getNotAfter().toInstant());
        double share = EARLIEST + SPREAD * Math.floorMod(owner.uri().hashCode(), SHARES) / SHARES;
        return from.plusMillis(Math.round(life.toMillis() * share));
    }

    @Override
    public String toString() {
        return "key and certificate";
    }
}
