package io.flotilla.cli;

import com.google.protobuf.Timestamp;
import io.flotilla.api.identity.v1.Revocation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A revocation as an object, security.flotilla.io/v1 Revocation, named by what it strikes. */
record RevocationObject(Revocation revocation) {
    /** "serial-3f0a99", "default.reviews", "default.reviews.before-1772359200". */
    String name() {
        return switch (revocation.getWhatCase()) {
            case CERTIFICATE -> "serial-" + revocation.getCertificate().getSerial();
            case IDENTITY -> account(revocation.getIdentity());
            case ISSUED_BEFORE ->
                account(revocation.getIssuedBefore().getIdentity()) + ".before-"
                        + revocation.getIssuedBefore().getTime().getSeconds();
            case WHAT_NOT_SET -> throw new IllegalArgumentException("citadel checked it");
        };
    }

    /** NAMESPACE.ACCOUNT of spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT. */
    private static String account(String spiffe) {
        String[] parts = spiffe.split("/", -1);
        return parts[4] + "." + parts[6];
    }

    /** As YAML has it. */
    Map<String, Object> tree() {
        Map<String, Object> spec = new LinkedHashMap<>();
        switch (revocation.getWhatCase()) {
            case CERTIFICATE -> {
                Map<String, Object> certificate = new LinkedHashMap<>();
                certificate.put("serial", revocation.getCertificate().getSerial());
                if (!revocation.getCertificate().getIssuer().isEmpty()) {
                    certificate.put("issuer", revocation.getCertificate().getIssuer());
                }
                spec.put("certificate", certificate);
            }
            case IDENTITY -> spec.put("identity", revocation.getIdentity());
            case ISSUED_BEFORE ->
                spec.put(
                        "issuedBefore",
                        Map.of(
                                "identity", revocation.getIssuedBefore().getIdentity(),
                                "time", time(revocation.getIssuedBefore().getTime())));
            case WHAT_NOT_SET -> throw new IllegalArgumentException("citadel checked it");
        }
        spec.put("revokedAt", time(revocation.getRevokedAt()));
        spec.put("until", time(revocation.getUntil()));
        if (!revocation.getReason().isEmpty()) {
            spec.put("reason", revocation.getReason());
        }
        spec.put("actor", revocation.getActor());
        if (revocation.getDrain()) {
            spec.put("drain", true);
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("apiVersion", "security.flotilla.io/v1");
        object.put("kind", "Revocation");
        object.put("metadata", Map.of("name", name()));
        object.put("spec", spec);
        return object;
    }

    private static String time(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds()).toString();
    }
}
