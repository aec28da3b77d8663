package io.flotilla.cli;

import java.util.Locale;

/** The mesh-wide policy that {@code --mtls} stands for. */
final class MtlsPolicy {
    private MtlsPolicy() {}

    static String text(String mtls) {
        String mode = mtls.equals("off") ? "DISABLE" : mtls.toUpperCase(Locale.ROOT);
        return """
                apiVersion: security.istio.io/v1beta1
                kind: PeerAuthentication
                metadata:
                  name: default
                  namespace: istio-system
                spec:
                  mtls:
                    mode: %s
                """.formatted(mode);
    }
}
