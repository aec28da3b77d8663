package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings.TLSmode;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a server shows when it speaks TLS, and what it asks of its clients. */
final class GatewayTlsRules {
    private static final Pattern HASH = Pattern.compile("([0-9a-fA-F]{2}:){31}[0-9a-fA-F]{2}|[0-9a-fA-F]{64}");
    private static final Pattern SPKI = Pattern.compile("[A-Za-z0-9+/]{43}=");
    private static final int MAX_CERTIFICATES = 2;
    static final Set<String> CIPHERS = Set.of(
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-ECDSA-CHACHA20-POLY1305",
            "ECDHE-RSA-CHACHA20-POLY1305",
            "ECDHE-ECDSA-AES128-SHA",
            "ECDHE-RSA-AES128-SHA",
            "ECDHE-ECDSA-AES256-SHA",
            "ECDHE-RSA-AES256-SHA",
            "AES128-GCM-SHA256",
            "AES256-GCM-SHA384",
            "AES128-SHA",
            "AES256-SHA",
            "DES-CBC3-SHA");

    private final String code;
    private final Check check;

    GatewayTlsRules(String code, Check check) {
        this.code = code;
        this.check = check;
    }

    void certificates(ServerTLSSettings tls, FieldPath at) {
        sources(tls, at);
        switch (tls.getMode()) {
            case SIMPLE -> own(tls, at);
            case MUTUAL, OPTIONAL_MUTUAL -> {
                own(tls, at);
                authority(tls, at);
                boolean known = !tls.getCaCertificates().isEmpty()
                        || !tls.getCaCertCredentialName().isEmpty()
                        || secret(tls)
                        || tls.getTlsCertificatesList().stream()
                                .anyMatch(each -> !each.getCaCertificates().isEmpty())
                        || tls.getInsecureSkipVerify().getValue()
                        || tls.getMode() == TLSmode.OPTIONAL_MUTUAL;
                check.require(known, code, at.field("caCertificates"), "or credentialName is required");
            }
            case ISTIO_MUTUAL ->
                check.require(
                        !secret(tls)
                                && tls.getServerCertificate().isEmpty()
                                && tls.getPrivateKey().isEmpty()
                                && tls.getCaCertificates().isEmpty()
                                && tls.getTlsCertificatesCount() == 0,
                        code,
                        at,
                        "ISTIO_MUTUAL uses the mesh's certificates and takes no others");
            case PASSTHROUGH, AUTO_PASSTHROUGH -> passed(tls, at);
            case UNRECOGNIZED -> {
                // Reported where it was read.
            }
        }
        int least = tls.getMinProtocolVersionValue();
        int most = tls.getMaxProtocolVersionValue();
        check.require(
                least == 0 || most == 0 || least <= most,
                code,
                at.field("minProtocolVersion"),
                "is higher than maxProtocolVersion");
        ciphers(tls.getCipherSuitesList(), at.field("cipherSuites"));
        clients(tls, at);
    }

    private static boolean secret(ServerTLSSettings tls) {
        return !tls.getCredentialName().isEmpty() || tls.getCredentialNamesCount() > 0;
    }

    /** A certificate comes from one place. */
    private void sources(ServerTLSSettings tls, FieldPath at) {
        int ways = (tls.getCredentialName().isEmpty() ? 0 : 1)
                + (tls.getCredentialNamesCount() > 0 ? 1 : 0)
                + (tls.getTlsCertificatesCount() > 0 ? 1 : 0);
        check.require(ways <= 1, code, at, "takes one of credentialName, credentialNames and tlsCertificates");
        check.require(
                tls.getCredentialNamesCount() <= MAX_CERTIFICATES,
                code,
                at.field("credentialNames"),
                "takes at most 2, one with an RSA and one with an ECDSA key");
        check.noneEmpty(tls.getCredentialNamesList(), code, at.field("credentialNames"));
        check.require(
                tls.getTlsCertificatesCount() <= MAX_CERTIFICATES,
                code,
                at.field("tlsCertificates"),
                "takes at most 2, one with an RSA and one with an ECDSA key");
        for (int i = 0; i < tls.getTlsCertificatesCount(); i++) {
            FieldPath place = at.field("tlsCertificates").item(i);
            check.given(tls.getTlsCertificates(i).getServerCertificate(), code, place.field("serverCertificate"));
            check.given(tls.getTlsCertificates(i).getPrivateKey(), code, place.field("privateKey"));
        }
    }

    /** Envoy checks the clients of a server by one authority, whichever certificate it showed them. */
    private void authority(ServerTLSSettings tls, FieldPath at) {
        String first = tls.getCaCertificates();
        for (int i = 0; i < tls.getTlsCertificatesCount(); i++) {
            String next = tls.getTlsCertificates(i).getCaCertificates();
            check.require(
                    first.isEmpty() || next.isEmpty() || first.equals(next),
                    code,
                    at.field("tlsCertificates").item(i).field("caCertificates"),
                    "\"" + next + "\" is another file than \"" + first + "\": clients of a server are checked by one");
            first = first.isEmpty() ? next : first;
        }
    }

    private void own(ServerTLSSettings tls, FieldPath at) {
        if (!secret(tls) && tls.getTlsCertificatesCount() == 0) {
            check.require(
                    !tls.getServerCertificate().isEmpty(),
                    code,
                    at.field("serverCertificate"),
                    "or credentialName is required");
            check.require(
                    !tls.getPrivateKey().isEmpty(), code, at.field("privateKey"), "or credentialName is required");
        }
    }

    /** TLS ends at the service: nothing of ours is shown. */
    private void passed(ServerTLSSettings tls, FieldPath at) {
        boolean unused = secret(tls)
                || !tls.getServerCertificate().isEmpty()
                || !tls.getPrivateKey().isEmpty()
                || !tls.getCaCertificates().isEmpty();
        if (unused) {
            check.warning(code, at, tls.getMode() + " passes TLS on: certificates given here are not used");
        }
    }

    private void ciphers(List<String> ciphers, FieldPath at) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < ciphers.size(); i++) {
            String cipher = ciphers.get(i);
            if (!CIPHERS.contains(cipher)) {
                check.warning(
                        code, at.item(i), "\"" + cipher + "\" is no cipher suite that Envoy knows, and is left out");
            } else if (!seen.add(cipher)) {
                check.warning(code, at.item(i), "\"" + cipher + "\" is given twice");
            }
        }
    }

    private void clients(ServerTLSSettings tls, FieldPath at) {
        check.noneEmpty(tls.getSubjectAltNamesList(), code, at.field("subjectAltNames"));
        for (int i = 0; i < tls.getVerifyCertificateHashCount(); i++) {
            check.require(
                    HASH.matcher(tls.getVerifyCertificateHash(i)).matches(),
                    code,
                    at.field("verifyCertificateHash").item(i),
                    "\"" + tls.getVerifyCertificateHash(i) + "\" is no SHA-256 in hexadecimal digits");
        }
        for (int i = 0; i < tls.getVerifyCertificateSpkiCount(); i++) {
            check.require(
                    SPKI.matcher(tls.getVerifyCertificateSpki(i)).matches(),
                    code,
                    at.field("verifyCertificateSpki").item(i),
                    "\"" + tls.getVerifyCertificateSpki(i) + "\" is no SHA-256 in base64");
        }
    }
}
