package io.flotilla.fuzz;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.Pem;
import io.flotilla.identity.authority.Certificates;
import java.nio.charset.StandardCharsets;

/** Certificates and keys as PEM, and as the DER inside: what is accepted can be asked about. */
public final class PemTarget {
    private PemTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        read(new String(data, StandardCharsets.UTF_8));
        read(Pem.encode("CERTIFICATE", data));
        read(Pem.encode("PRIVATE KEY", data));
    }

    private static void read(String pem) {
        Certificates.parse(pem)
                .ifPresent(chain -> chain.forEach(certificate -> {
                    Certificates.uris(certificate);
                    Certificates.dnsNames(certificate);
                    Certificates.spiffeId(certificate);
                    Certificates.fingerprint(certificate);
                }));
        KeyForms.parsePrivate(pem);
        KeyForms.parsePair(pem);
    }
}
