package io.flotilla.citadel;

import io.flotilla.identity.KeyKind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of Citadel: properties "flotilla.*", environment FLOTILLA_*. */
@ConfigMapping(prefix = "flotilla")
interface CitadelSettings {
    /** TLS: the CSR API and SDS. */
    @WithDefault("8060")
    int port();

    /** Galley, for revocations and MeshConfig's other meshes: "xds+tls://HOST:PORT"; without it they are kept in ca-dir and reach no proxy. */
    Optional<String> config();

    /** What waits for Kafka; with kafka.bootstrap.servers (KAFKA_BOOTSTRAP_SERVERS). Default: outbox in ca-dir. */
    Optional<String> outboxDir();

    /** Most bytes that wait there; what comes then is dropped and counted. */
    @WithDefault("1073741824")
    long outboxBytes();

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

    /** Namespaces whose service accounts get a Secret istio.ACCOUNT with key and certificate; "*" for all. */
    Optional<List<String>> accountSecrets();

    /**
     * Whether proxies get Secrets of their namespace that a DestinationRule's credentialName names, where their service
     * account may read them.
     */
    @WithDefault("false")
    boolean workloadCredentials();

    /** Whether Revocation objects in the cluster are deleted a day after their end. */
    @WithDefault("false")
    boolean revocationSweep();

    /** The Kubernetes API, for the settings above. */
    @WithDefault("https://kubernetes.default.svc")
    URI kubernetesApi();

    /** Folder with token and ca.crt for the Kubernetes API. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount")
    String kubernetesCredentials();

    /**
     * Folder of an authority that somebody else made, instead of a root of our own: ca-cert.pem, ca-key.pem,
     * root-cert.pem, cert-chain.pem (classic: /etc/cacerts). Read again when it changes.
     */
    Optional<String> cacerts();

    /** cert-manager's issuer that signs instead: NAME, or KIND/NAME, or KIND.GROUP/NAME; with root-file. */
    Optional<String> certManagerIssuer();

    /** Signer of the Kubernetes CSR API that signs instead; with root-file. */
    Optional<String> csrSigner();

    /** Whom peers believe where somebody else signs. */
    Optional<String> rootFile();

    /** How long somebody else may take to sign. */
    @WithDefault("20s")
    Duration signingPatience();

    /** Whether this process signs by an intermediate of its own, whose key is nowhere else. */
    @WithDefault("false")
    boolean intermediate();

    /** Life of that intermediate. */
    @WithDefault("720h")
    Duration intermediateLifetime();

    /** How often store, folder and rotation are looked at. */
    @WithDefault("5s")
    Duration authorityPoll();

    /** How long a new root is made known before it signs. */
    @WithDefault("10m")
    Duration rotationPropagation();

    /** The longest that certificates live, which a rotation waits out; the longest that may be asked for if not set. */
    Optional<Duration> rotationWaitOut();

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

    /** Where they are fetched instead: an address, or "kubernetes" for the API server's own. */
    Optional<String> jwksUri();

    /** Whether keys are fetched from private, link-local and loopback addresses, and without TLS. */
    @WithDefault("false")
    boolean jwksAllowPrivate();

    /**
     * How service account tokens are checked: "keys" by the issuer's keys alone; "keys-and-pods" asks the API server
     * for the pod and account too; "review" asks it for everything (TokenReview).
     */
    @WithDefault("keys")
    TokenCheck tokenCheck();

    /** Port of the mesh's own bundle endpoint (https); 0 for none, -1 for any that is free. */
    @WithDefault("0")
    int bundlePort();

    /** Its address. */
    @WithDefault("127.0.0.1")
    String bundleBind();

    /** Chain and key in PEM for its host (https_web); without them it shows Citadel's own identity (https_spiffe). */
    Optional<String> bundleCertificate();

    Optional<String> bundleKey();

    /**
     * Endpoints of other meshes that prove themselves by their identity instead of their host:
     * TRUSTDOMAIN=spiffe://TRUSTDOMAIN/ns/NAMESPACE/sa/ACCOUNT.
     */
    Optional<List<String>> bundleIdentities();

    /** Authorities in PEM that are believed for hosts of bundle endpoints, instead of Java's. */
    Optional<String> bundleAuthorities();

    /** Whether bundles are fetched from private, link-local and loopback addresses; without TLS they never are. */
    @WithDefault("false")
    boolean bundleAllowPrivate();

    /** From what age on a bundle that cannot be fetched raises an alarm. It is believed all the same. */
    @WithDefault("24h")
    Duration bundleStale();

    /** Further issuers of tokens, by any name. */
    Map<String, Oidc> oidc();

    /** Whether a certificate of this mesh that is still good gets its holder the next one. */
    @WithDefault("true")
    boolean renewByCertificate();

    /** Who may ask in whose name: NAMESPACE/DELEGATE=NAMESPACE/ACCOUNT, or NAMESPACE/*. */
    Optional<List<String>> delegations();

    /** Accounts that may use "flotilla ca" and "flotilla vm": NAMESPACE/ACCOUNT. */
    Optional<List<String>> admins();

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

    /** Certificates a second, of all callers; a fifth of the burst is kept for those about to end. */
    @WithDefault("2000")
    double rate();

    /** Certificates at once, of all callers. */
    @WithDefault("20000")
    double burst();

    /** Certificates a second of one identity. */
    @WithDefault("20")
    double identityRate();

    /** Certificates at once of one identity: as many as it may have pods that start together. */
    @WithDefault("2000")
    double identityBurst();

    enum TokenCheck {
        KEYS,
        KEYS_AND_PODS,
        REVIEW
    }

    /** An OpenID Connect issuer. */
    interface Oidc {
        /** The exact "iss". */
        String issuer();

        /** One of "aud". */
        @WithDefault("istio-ca")
        String audience();

        /** Its keys: a file, or an address. */
        Optional<String> jwksFile();

        Optional<URI> jwksUri();

        /** Which subject is which account: SUBJECT=NAMESPACE/ACCOUNT. All others are nobody. */
        List<String> subjects();
    }
}
