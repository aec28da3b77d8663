package io.flotilla.citadel;

import io.flotilla.identity.KeyKind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Settings of Citadel: properties "flotilla.*", environment FLOTILLA_*. */
@ConfigMapping(prefix = "flotilla")
interface CitadelSettings {
    /** TLS: the CSR API and SDS. */
    @WithDefault("8060")
    int port();

    /** Address of the port. */
    @WithDefault("127.0.0.1")
    String bind();

    @WithDefault("cluster.local")
    String trustDomain();

    /** Where the suite runs. */
    @WithDefault("istio-system")
    String namespace();

    @WithDefault("cluster.local")
    String domainSuffix();

    /** Folder of the root: root-cert.pem and root-key.pem (0600); made on first start. */
    Optional<String> caDir();

    /** Name of a Secret in the namespace that holds the root instead of a folder; classic: istio-ca-secret. */
    Optional<String> caSecret();

    /** Whether the root certificate is kept in ConfigMap istio-ca-root-cert of every namespace. */
    @WithDefault("false")
    boolean publishRoots();

    /** The Kubernetes API, for the two settings above. */
    @WithDefault("https://kubernetes.default.svc")
    URI kubernetesApi();

    /** Folder with token and ca.crt for the Kubernetes API. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount")
    String kubernetesCredentials();

    /** The root certificate is written there too, for bootstraps. */
    Optional<String> rootOut();

    /** Life of a root that is made. */
    @WithDefault("3650d")
    Duration rootLifetime();

    /** Kind of the signing keys that are made: ec-p256, ec-p384, rsa-2048, rsa-3072, rsa-4096. */
    @WithDefault("ec-p256")
    KeyKind caKey();

    /** Kind of the keys that are made for workloads (SDS). */
    @WithDefault("ec-p256")
    KeyKind workloadKey();

    /** Whether the native crypto provider is used where it loads. */
    @WithDefault("true")
    boolean nativeCrypto();

    /** Public keys by which tokens are checked; read again when the file changes. */
    Optional<String> jwksFile();

    /** "iss" of tokens. */
    @WithDefault("https://token.flotilla.local")
    String issuer();

    /** "aud" of tokens. */
    @WithDefault("istio-ca")
    String audience();

    /** Life of workload certificates. */
    @WithDefault("24h")
    Duration certificateLifetime();

    /** The longest life that a caller may ask for. */
    @WithDefault("2160h")
    Duration maxCertificateLifetime();
}
