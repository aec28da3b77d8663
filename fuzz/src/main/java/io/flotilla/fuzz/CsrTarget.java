package io.flotilla.fuzz;

import io.flotilla.identity.Pem;
import io.flotilla.identity.csr.CsrOutcome;
import io.flotilla.identity.csr.CsrReader;
import java.nio.charset.StandardCharsets;

/** A certificate request (PKCS#10) from a stranger: as PEM text, and as the DER inside. Always an outcome. */
public final class CsrTarget {
    private CsrTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        told(CsrReader.read(new String(data, StandardCharsets.UTF_8)));
        told(CsrReader.read(Pem.encode("CERTIFICATE REQUEST", data)));
    }

    private static void told(CsrOutcome outcome) {
        if (outcome instanceof CsrOutcome.Refused refused && refused.message().isBlank()) {
            throw new AssertionError("refused without a reason: " + refused.reason());
        }
    }
}
