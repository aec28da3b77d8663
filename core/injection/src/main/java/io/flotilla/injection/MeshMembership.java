package io.flotilla.injection;

import io.flotilla.envoy.bootstrap.ControlPlane;
import io.flotilla.envoy.bootstrap.IdentityFiles;

/**
 * The mesh that a pod becomes a member of.
 *
 * @param controlPlane where Pilot and Citadel are, and where the pod has its identity files
 * @param domainSuffix "cluster.local"
 * @param clusterId    name of the pod's cluster
 * @param network      name of its network, empty for the only one
 * @param revision     of the control plane
 * @param token        the token that the pod proves itself with
 */
public record MeshMembership(
        ControlPlane controlPlane,
        String domainSuffix,
        String clusterId,
        String network,
        String revision,
        Token token) {
    /** Of a control plane in istio-system under its classic names. */
    public static final MeshMembership DEFAULT = new MeshMembership(
            ControlPlane.in("istio-system", IdentityFiles.IN_POD),
            "cluster.local",
            "Kubernetes",
            "",
            "default",
            Token.DEFAULT);

    /**
     * How Kubernetes makes the token and gives the roots.
     *
     * @param audience         whom it is for: Citadel
     * @param lifetimeSeconds  after 80 % of which the kubelet puts a new one in place
     * @param rootConfigMap    ConfigMap in the pod's namespace with key "root-cert.pem"
     */
    public record Token(String audience, long lifetimeSeconds, String rootConfigMap) {
        /** Audience istio-ca, 12 h. */
        public static final Token DEFAULT = new Token("istio-ca", 43_200, "istio-ca-root-cert");
    }

    /** Where the pod has its files. */
    IdentityFiles files() {
        return controlPlane.identity().map(ControlPlane.Identity::files).orElse(IdentityFiles.IN_POD);
    }
}
