package io.flotilla.cli;

import java.util.Locale;

/**
 * The mesh-wide policy that {@code --mtls} stands for. It must not come before what users say: a PeerAuthentication for
 * the mesh comes before every Policy and MeshPolicy of 1.1.
 */
final class MtlsPolicy {
    private MtlsPolicy() {}

    /** @param classic the mesh is of 1.1, whose own installation has a MeshPolicy of this name */
    static String text(String mtls, boolean classic) {
        if (classic) {
            return """
                apiVersion: authentication.istio.io/v1alpha1
                kind: MeshPolicy
                metadata:
                  name: default
                spec:
                  peers: %s
                """.formatted(mtls.equals("off") ? "[]" : "[{mtls: {mode: " + mtls.toUpperCase(Locale.ROOT) + "}}]");
        }
        if (mtls.equals("permissive")) {
            // A mesh accepts both where no policy says.
            return "";
        }
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
