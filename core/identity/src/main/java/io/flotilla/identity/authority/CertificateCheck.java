package io.flotilla.identity.authority;

import io.flotilla.identity.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Checks a certificate against what it was meant to be, before it leaves the house. */
public final class CertificateCheck {
    private CertificateCheck() {}

    /** What is wrong with a leaf of this authority at this time; empty where nothing is. */
    public static List<String> problems(X509Certificate leaf, X509Certificate issuer, SpiffeId id, Instant now) {
        List<String> problems = new ArrayList<>();
        try {
            leaf.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            problems.add("certificate is not signed by " + issuer.getSubjectX500Principal());
        }
        if (!leaf.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            problems.add("certificate names another issuer: " + leaf.getIssuerX500Principal());
        }
        if (leaf.getBasicConstraints() >= 0) {
            problems.add("certificate may sign others");
        }
        if (!Certificates.uris(leaf).equals(List.of(id.uri()))) {
            problems.add("certificate is for " + Certificates.uris(leaf) + " and not for " + id);
        }
        if (now.isBefore(leaf.getNotBefore().toInstant())
                || now.isAfter(leaf.getNotAfter().toInstant())) {
            problems.add("certificate is good from " + leaf.getNotBefore().toInstant() + " until "
                    + leaf.getNotAfter().toInstant());
        }
        if (leaf.getNotAfter().toInstant().isAfter(issuer.getNotAfter().toInstant())) {
            problems.add("certificate outlives its issuer");
        }
        return List.copyOf(problems);
    }
}
