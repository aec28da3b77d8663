package io.flotilla.pilot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of Pilot; environment FLOTILLA_X_Y is property flotilla.x-y. */
@ConfigMapping(prefix = "flotilla")
public interface PilotConfig {
    /** Galley: xds://HOST:PORT in plaintext, xds+tls://HOST:PORT with mutual TLS. */
    @WithDefault("xds://127.0.0.1:9901")
    String config();

    /** Plaintext port for Envoys, on loopback; 0 turns it off. */
    @WithDefault("15010")
    int port();

    /** Address of the plaintext port. */
    @WithName("plaintext-bind")
    @WithDefault("127.0.0.1")
    String plaintextBind();

    /** Port with mutual TLS; 0 turns it off, and so does a missing identity. */
    @WithName("tls-port")
    @WithDefault("15012")
    int tlsPort();

    /** Address of the port with mutual TLS. */
    @WithDefault("127.0.0.1")
    String bind();

    /** Connections of proxies are asked to end at this age, give or take a tenth, and come back to any replica. */
    @WithName("connection-age")
    @WithDefault("30m")
    Duration connectionAge();

    /** Pilot's own service, NAME.NAMESPACE: by its endpoints it knows how many replicas there are. */
    @WithName("pilot-service")
    Optional<String> pilotService();

    /** Of a replica's connections, this share is asked to come back when there are more replicas than before; 0 is none. */
    @WithName("handover-share")
    @WithDefault("0.5")
    double handoverShare();

    /** How long a replica that ends takes to send its connections to the others, a tenth at a time. */
    @WithDefault("5s")
    Duration drain();

    /** Folder where the last state is kept for the next start; nothing is kept without it. */
    @WithName("state-dir")
    Optional<Path> stateDir();

    @WithName("trust-domain")
    @WithDefault("cluster.local")
    String trustDomain();

    /** Of the control plane. */
    @WithDefault("istio-system")
    String namespace();

    /** "1.1" turns classic defaults on, unless the mesh's own configuration says otherwise. */
    Optional<String> compatibility();

    /** How long a proxy waits for a client's first bytes where the server may speak first. */
    @WithName("server-first-delay")
    @WithDefault("100ms")
    Duration serverFirstDelay();

    /** How long an identity that left a service is still expected there. */
    @WithName("peer-memory")
    @WithDefault("10m")
    Duration peerMemory();

    /** How long endpoints and pods of a namespace are held that no proxy here needs any more. */
    @WithName("scope-memory")
    @WithDefault("10m")
    Duration scopeMemory();

    /** Port of health, metrics and debug pages. */
    @WithName("management-port")
    @WithDefault("15014")
    int managementPort();

    /** Address of the management port. */
    @WithName("management-bind")
    @WithDefault("127.0.0.1")
    String managementBind();

    /** Holds the token that shows debug pages to others than this machine; without it they see none. */
    @WithName("debug-token-file")
    Optional<Path> debugTokenFile();

    Identity identity();

    Tokens tokens();

    /** Further issuers whose tokens prove who a proxy is, by any name. */
    Map<String, Oidc> oidc();

    /** How Pilot gets its own certificate. */
    interface Identity {
        /** Citadel's HOST:PORT; without it there is no identity. */
        Optional<String> citadel();

        @WithName("citadel-name")
        @WithDefault("istio-citadel.istio-system.svc")
        String citadelName();

        @WithName("token-file")
        Optional<Path> tokenFile();

        @WithName("root-file")
        Optional<Path> rootFile();

        @WithName("dns-names")
        Optional<List<String>> dnsNames();
    }

    /** The platform's service account tokens, for proxies without a certificate; believed where keys are set. */
    interface Tokens {
        /** Public keys of the issuer; read again when the file changes. */
        @WithName("jwks-file")
        Optional<String> jwksFile();

        /** Where they are fetched instead. */
        @WithName("jwks-uri")
        Optional<URI> jwksUri();

        /** Whether keys are fetched from private, link-local and loopback addresses, and without TLS. */
        @WithName("jwks-allow-private")
        @WithDefault("false")
        boolean jwksAllowPrivate();

        /** "iss" of tokens. */
        @WithDefault("https://token.flotilla.local")
        String issuer();

        /** One of "aud" of tokens. */
        @WithDefault("istio-ca")
        String audience();
    }

    /** An OpenID Connect issuer. */
    interface Oidc {
        /** The exact "iss". */
        String issuer();

        /** One of "aud". */
        @WithDefault("istio-ca")
        String audience();

        /** Its keys: a file, or an address. */
        @WithName("jwks-file")
        Optional<String> jwksFile();

        @WithName("jwks-uri")
        Optional<URI> jwksUri();

        /** Which subject is which account: SUBJECT=NAMESPACE/ACCOUNT. All others are nobody. */
        List<String> subjects();
    }
}
