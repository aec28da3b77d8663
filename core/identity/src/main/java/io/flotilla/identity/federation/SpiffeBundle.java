package io.flotilla.identity.federation;

import io.flotilla.identity.token.JsonReader;
import io.flotilla.identity.token.JsonWriter;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The roots of a trust domain as its bundle endpoint tells them (SPIFFE Trust Domain and Bundle, section 4): a JSON Web
 * Key Set whose keys of use "x509-svid" hold one certificate each.
 *
 * @param authorities   who signs identities of the domain; none: it has taken all of them back
 * @param sequence      grows with each change; 0 where it is not told
 * @param refreshHint   how often to look again; empty where it is not told
 */
public record SpiffeBundle(List<X509Certificate> authorities, long sequence, Optional<Duration> refreshHint) {
    /** Of keys that sign X.509 identities; those of other uses are passed over. */
    private static final String X509_USE = "x509-svid";
    /** More than this are no bundle of a mesh. */
    private static final int MAX_AUTHORITIES = 64;

    private static final double MAX_HINT = 31_536_000; // a year

    public SpiffeBundle {
        authorities = List.copyOf(authorities);
    }

    /** What a document turned out to be. */
    public sealed interface Outcome {
        record Read(SpiffeBundle bundle) implements Outcome {}

        /** Nothing of the document is in the message. */
        record Bad(String message) implements Outcome {}
    }

    /** Reads a document of a stranger: all of its X.509 keys, or none. */
    public static Outcome parse(String json) {
        Optional<Map<String, Object>> document = JsonReader.read(json);
        if (document.isEmpty()) {
            return new Outcome.Bad("is no JSON object");
        }
        if (!(document.get().get("keys") instanceof List<?> keys)) {
            return new Outcome.Bad("has no list \"keys\"");
        }
        List<X509Certificate> authorities = new ArrayList<>();
        for (Object key : keys) {
            if (key instanceof Map<?, ?> members && X509_USE.equals(members.get("use"))) {
                Optional<X509Certificate> authority = authority(members);
                if (authority.isEmpty()) {
                    return new Outcome.Bad("has an x509-svid key without exactly one certificate of an authority");
                }
                authorities.add(authority.get());
            }
        }
        if (authorities.size() > MAX_AUTHORITIES) {
            return new Outcome.Bad("has more than " + MAX_AUTHORITIES + " authorities");
        }
        long sequence =
                number(document.get(), "spiffe_sequence").map(Double::longValue).orElse(0L);
        Optional<Duration> hint = number(document.get(), "spiffe_refresh_hint")
                .filter(seconds -> seconds >= 1 && seconds <= MAX_HINT)
                .map(seconds -> Duration.ofSeconds(seconds.longValue()));
        return new Outcome.Read(new SpiffeBundle(authorities, sequence, hint));
    }

    private static Optional<X509Certificate> authority(Map<?, ?> key) {
        if (!(key.get("kty") instanceof String)
                || !(key.get("x5c") instanceof List<?> chain)
                || chain.size() != 1
                || !(chain.getFirst() instanceof String text)) {
            return Optional.empty();
        }
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(text)));
            return Optional.of(certificate).filter(each -> each.getBasicConstraints() >= 0);
        } catch (CertificateException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Double> number(Map<String, Object> document, String field) {
        return document.get(field) instanceof Double number && number >= 0 ? Optional.of(number) : Optional.empty();
    }

    /** The document. */
    public String json() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("keys", authorities.stream().map(AuthorityKey::of).toList());
        document.put("spiffe_sequence", sequence);
        refreshHint.ifPresent(hint -> document.put("spiffe_refresh_hint", hint.toSeconds()));
        return JsonWriter.print(document);
    }
}
