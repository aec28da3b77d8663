package io.flotilla.identity.authority;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Checks a certificate against what it was meant to be, before it leaves the house. */
public final class CertificateCheck {
    private static final int SIGNS_CERTIFICATES = 5;
    private static final int SIGNS_CRLS = 6;

    private CertificateCheck() {}

    /**
     * What is wrong with a leaf that was to be what the template says; empty where nothing is. Another signer's work is
     * checked by it too: names, key, end and usage are as decided, whatever that signer thought.
     *
     * @param issuer whose signature it must bear
     */
    public static List<String> problems(
            X509Certificate leaf, X509Certificate issuer, CertificateTemplate decided, Instant now) {
        List<String> problems = new ArrayList<>();
        try {
            leaf.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            problems.add("certificate is not signed by " + issuer.getSubjectX500Principal());
        }
        problems.addAll(problemsOfOurs(leaf, issuer, decided, now));
        return List.copyOf(problems);
    }

    /**
     * The same for a leaf that an {@link Authority} of this process has just signed: all but the signature. That key
     * was seen to be its certificate's when the authority was made, and each peer verifies the signature anyway;
     * to verify it here too costs more than everything else but the caller's own signatures.
     */
    public static List<String> problemsOfOurs(
            X509Certificate leaf, X509Certificate issuer, CertificateTemplate decided, Instant now) {
        List<String> problems = new ArrayList<>();
        if (!leaf.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            problems.add("certificate names another issuer: " + leaf.getIssuerX500Principal());
        }
        usage(leaf, problems);
        names(leaf, decided, problems);
        if (!Arrays.equals(
                leaf.getPublicKey().getEncoded(), decided.publicKey().key().getEncoded())) {
            problems.add("certificate is for another key");
        }
        times(leaf, issuer, decided, now, problems);
        return List.copyOf(problems);
    }

    /** X509-SVID, sections 4.1 to 4.4. */
    private static void usage(X509Certificate leaf, List<String> problems) {
        boolean[] usage = leaf.getKeyUsage();
        if (leaf.getBasicConstraints() >= 0 || (usage != null && (usage[SIGNS_CERTIFICATES] || usage[SIGNS_CRLS]))) {
            problems.add("certificate may sign others");
        }
        if (usage == null || !usage[0]) {
            problems.add("certificate may not make digital signatures");
        }
    }

    private static void names(X509Certificate leaf, CertificateTemplate decided, List<String> problems) {
        Certificates.Names names = Certificates.Names.of(leaf);
        if (!names.uris().equals(decided.uris())) {
            problems.add("certificate is for " + names.uris() + " and not for " + decided.uris());
        }
        List<String> dns = names.dnsNames();
        // The order is the signer's; ours keeps it.
        if (!dns.equals(decided.dnsNames()) && !sorted(dns).equals(sorted(decided.dnsNames()))) {
            problems.add("certificate has DNS names " + dns + " and not " + decided.dnsNames());
        }
        if (names.count() != decided.uris().size() + dns.size()) {
            problems.add("certificate has names of other kinds");
        }
    }

    private static List<String> sorted(List<String> names) {
        return names.stream().sorted().toList();
    }

    private static void times(
            X509Certificate leaf,
            X509Certificate issuer,
            CertificateTemplate decided,
            Instant now,
            List<String> problems) {
        Instant end = leaf.getNotAfter().toInstant();
        if (now.isBefore(leaf.getNotBefore().toInstant()) || now.isAfter(end)) {
            problems.add("certificate is good from " + leaf.getNotBefore().toInstant() + " until " + end);
        }
        if (end.isAfter(decided.validity().notAfter())) {
            problems.add("certificate ends at " + end + ", after "
                    + decided.validity().notAfter());
        }
        if (end.isAfter(issuer.getNotAfter().toInstant())) {
            problems.add("certificate outlives its issuer");
        }
    }
}
