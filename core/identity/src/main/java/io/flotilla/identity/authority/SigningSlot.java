package io.flotilla.identity.authority;

import io.flotilla.identity.SignatureKind;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What signs at a time, and who vouches for it.
 *
 * @param authority     the signing certificate and its key
 * @param intermediates what peers need beside the leaf: the signing certificate first, up to but without the root;
 *                      empty where the root itself signs
 * @param roots         what peers must believe; the one that vouches for this slot is among them
 */
public record SigningSlot(Authority authority, List<X509Certificate> intermediates, List<X509Certificate> roots) {
    public SigningSlot {
        intermediates = List.copyOf(intermediates);
        roots = List.copyOf(roots);
    }

    /** A slot, or what is wrong with it. */
    public sealed interface Outcome {
        record Good(SigningSlot slot) implements Outcome {}

        record Bad(String message) implements Outcome {}
    }

    /** A root that signs leaves itself. */
    public static SigningSlot ofRoot(Authority root) {
        return new SigningSlot(root, List.of(), List.of(root.certificate()));
    }

    /**
     * A plugged-in authority: its chain must lead, signature by signature, to one of the roots, and be good now.
     *
     * @param chain certificates in any order; the signing certificate and the roots among them are allowed for
     */
    public static Outcome of(
            Authority authority, List<X509Certificate> chain, List<X509Certificate> roots, Instant now) {
        List<X509Certificate> all = new ArrayList<>(List.of(authority.certificate()));
        if (!roots.contains(authority.certificate())) {
            Optional<List<X509Certificate>> above = path(authority.certificate(), chain, roots);
            if (above.isEmpty()) {
                return new Outcome.Bad("no certificates of the chain and the roots lead from \""
                        + authority.certificate().getSubjectX500Principal().getName()
                        + "\" to a root: each must be signed by the next");
            }
            all.addAll(above.get());
        }
        List<X509Certificate> path = all.subList(0, all.size() - 1);
        return all.stream()
                .filter(each -> now.isBefore(each.getNotBefore().toInstant())
                        || !now.isBefore(each.getNotAfter().toInstant()))
                .findFirst()
                .<Outcome>map(over ->
                        new Outcome.Bad("\"" + over.getSubjectX500Principal().getName()
                                + "\" is good from " + over.getNotBefore().toInstant() + " until "
                                + over.getNotAfter().toInstant()))
                .orElseGet(() -> new Outcome.Good(new SigningSlot(authority, path, roots)));
    }

    /**
     * Who vouches for a certificate, signature by signature: its issuer first, a root last. Empty where no path of
     * these certificates leads to a root.
     *
     * @param chain in any order
     */
    public static Optional<List<X509Certificate>> path(
            X509Certificate certificate, List<X509Certificate> chain, List<X509Certificate> roots) {
        List<X509Certificate> path = new ArrayList<>();
        X509Certificate at = certificate;
        do {
            X509Certificate below = at;
            Optional<X509Certificate> above = Stream.concat(roots.stream(), chain.stream())
                    .filter(each -> !path.contains(each) && !each.equals(certificate) && signed(each, below))
                    .findFirst();
            if (above.isEmpty()) {
                return Optional.empty();
            }
            at = above.get();
            path.add(at);
        } while (!roots.contains(at));
        return Optional.of(List.copyOf(path));
    }

    /** The first end of all certificates up to the root: nothing that is signed here may live longer. */
    public Instant notAfter() {
        Instant rootEnd = roots.stream()
                .filter(this::vouches)
                .map(root -> root.getNotAfter().toInstant())
                .max(Comparator.naturalOrder())
                .orElse(authority.notAfter());
        return Stream.concat(
                        Stream.of(rootEnd, authority.notAfter()),
                        intermediates.stream().map(each -> each.getNotAfter().toInstant()))
                .min(Comparator.naturalOrder())
                .orElse(rootEnd);
    }

    /** Fingerprint of the root that vouches for what signs: of several, the one that ends last. */
    String vouchingRoot() {
        return roots.stream()
                .filter(this::vouches)
                .max(Comparator.comparing(root -> root.getNotAfter().toInstant()))
                .map(Certificates::fingerprint)
                .orElse("");
    }

    private boolean vouches(X509Certificate root) {
        return intermediates.isEmpty() ? root.equals(authority.certificate()) : signed(root, intermediates.getLast());
    }

    /** The same signer, with these roots to believe. */
    public SigningSlot believing(List<X509Certificate> others) {
        return new SigningSlot(authority, intermediates, others);
    }

    private static boolean signed(X509Certificate issuer, X509Certificate subject) {
        if (issuer.getBasicConstraints() < 0
                || !issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal())
                || !KeyStrength.strong(issuer.getPublicKey())
                || Stream.of(SignatureKind.values())
                        .noneMatch(kind -> kind.algorithm().equalsIgnoreCase(subject.getSigAlgName()))) {
            return false;
        }
        try {
            subject.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
