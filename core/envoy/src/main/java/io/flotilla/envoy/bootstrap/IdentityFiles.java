package io.flotilla.envoy.bootstrap;

/**
 * The files by which an Envoy proves itself to Citadel and checks Citadel. They can change while it runs: token and
 * root are replaced by a move into their directory, which Envoy watches.
 *
 * @param proxyDirectory where the bootstrap and the two SDS descriptions lie
 * @param tokenDirectory holds "istio-token", the service account token
 * @param rootDirectory  holds "root-cert.pem", the mesh's roots
 */
public record IdentityFiles(String proxyDirectory, String tokenDirectory, String rootDirectory) {
    /** Where a pod has them. */
    public static final IdentityFiles IN_POD =
            new IdentityFiles("/etc/istio/proxy", "/var/run/secrets/tokens", "/var/run/secrets/istio");

    /** The bootstrap that Envoy starts with. */
    public String bootstrap() {
        return proxyDirectory + "/envoy-rev0.json";
    }

    /** SDS file that describes the token. */
    public String tokenDescription() {
        return proxyDirectory + "/token.yaml";
    }

    /** SDS file that describes the roots. */
    public String rootDescription() {
        return proxyDirectory + "/root.yaml";
    }

    /** The token itself. */
    public String token() {
        return tokenDirectory + "/istio-token";
    }

    /** The roots themselves. */
    public String root() {
        return rootDirectory + "/root-cert.pem";
    }

    /** Content of {@link #tokenDescription()}: a DiscoveryResponse as Envoy reads it from a file. */
    public String tokenDescriptionText() {
        return description("token", "generic_secret: {secret: {filename: \"" + token() + "\"}}");
    }

    /** Content of {@link #rootDescription()}. */
    public String rootDescriptionText() {
        return description("root", "validation_context: {trusted_ca: {filename: \"" + root() + "\"}}");
    }

    private static String description(String name, String secret) {
        return """
                resources:
                - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
                  name: %s
                  %s
                """.formatted(name, secret);
    }
}
