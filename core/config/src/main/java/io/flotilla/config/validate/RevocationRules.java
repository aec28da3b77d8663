package io.flotilla.config.validate;

import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.regex.Pattern;

/** Revocation: one certificate, one identity, or what an identity got before a time. */
final class RevocationRules {
    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{1,40}");
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern IDENTITY =
            Pattern.compile("spiffe://[-._a-z0-9]{1,255}/ns/[-a-z0-9]{1,63}/sa/[-.a-z0-9]{1,253}");

    private RevocationRules() {}

    static void check(Config<Revocation> config, Check check) {
        Revocation revocation = config.spec();
        FieldPath at = Check.spec();
        switch (revocation.getWhatCase()) {
            case CERTIFICATE -> certificate(revocation.getCertificate(), at.field("certificate"), check);
            case IDENTITY -> identity(revocation.getIdentity(), at.field("identity"), check);
            case ISSUED_BEFORE -> {
                Revocation.IssuedBefore before = revocation.getIssuedBefore();
                identity(before.getIdentity(), at.field("issuedBefore").field("identity"), check);
                check.require(
                        before.hasTime(),
                        "FL0552",
                        at.field("issuedBefore").field("time"),
                        "is missing: certificates issued before this time are revoked");
            }
            case WHAT_NOT_SET ->
                check.error("FL0550", at, "names nothing to revoke: give certificate, identity or issuedBefore");
        }
    }

    private static void certificate(Revocation.Certificate certificate, FieldPath at, Check check) {
        check.require(
                SERIAL.matcher(certificate.getSerial()).matches(),
                "FL0551",
                at.field("serial"),
                "\"" + certificate.getSerial() + "\" is no serial number in lower-case hexadecimal without colons");
        check.require(
                certificate.getIssuer().isEmpty()
                        || FINGERPRINT.matcher(certificate.getIssuer()).matches(),
                "FL0551",
                at.field("issuer"),
                "\"" + certificate.getIssuer()
                        + "\" is no SHA-256 of the issuer's certificate in lower-case hexadecimal");
    }

    private static void identity(String identity, FieldPath at, Check check) {
        check.require(
                IDENTITY.matcher(identity).matches(),
                "FL0552",
                at,
                "\"" + identity + "\" is not spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT");
    }
}
