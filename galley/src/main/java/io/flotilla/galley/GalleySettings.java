package io.flotilla.galley;

import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.ownership.OwnershipOptions;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of Galley: properties "flotilla.*", environment FLOTILLA_*. */
@ConfigMapping(prefix = "flotilla")
interface GalleySettings {
    /** Directories of manifests, read with all below them. */
    Optional<List<String>> configDir();

    /** Serves configuration; mutual TLS where an identity is configured, else plaintext on loopback. 0 is off. */
    @WithDefault("9901")
    int port();

    /** Serves configuration in plaintext on loopback. 0 is off. */
    @WithDefault("0")
    int plaintextPort();

    /** Address of the port for others. */
    @WithDefault("127.0.0.1")
    String bind();

    @WithDefault("cluster.local")
    String trustDomain();

    @WithDefault("cluster.local")
    String domainSuffix();

    /** Where the suite runs, and where policies hold for the whole mesh. */
    @WithDefault("istio-system")
    String namespace();

    /** Of objects that name none. */
    @WithDefault("default")
    String defaultNamespace();

    /** "1.1" judges by the rules of classic Istio. */
    Optional<String> compatibility();

    /** A file that is written in place counts once it is quiet for so long. */
    @WithDefault("10ms")
    Duration settle();

    /** Everything is looked at again so often, whatever events say. */
    @WithDefault("2s")
    Duration rescan();

    /** More than half of a directory's files gone at once must be gone for so long. */
    @WithDefault("30s")
    Duration configConfirmAfter();

    /** Service accounts in the suite's namespace that may read configuration. */
    @WithDefault("istio-pilot-service-account,istio-mixer-service-account,istio-citadel-service-account,"
            + "istio-sidecar-injector-service-account,istio-ingressgateway-service-account,"
            + "istio-egressgateway-service-account,istio-console-service-account,istio-galley-service-account,"
            + "flotilla-cli")
    List<String> readers();

    /** Service accounts in the suite's namespace that may say what proxies made of configuration. */
    @WithDefault("istio-pilot-service-account")
    List<String> reporters();

    Ownership ownership();

    GatewayApi gatewayApi();

    Identity identity();

    /** Hosts that namespaces claim (docs/ownership.md). */
    interface Ownership {
        /** OFF, WARN or ENFORCE. */
        @WithDefault("OFF")
        OwnershipOptions.Mode mode();

        /** "NAMESPACE/HOST", beside what namespaces say by annotation. */
        Optional<List<String>> claims();
    }

    /** The Gateway API and Ingress (docs/gateway-api.md). */
    interface GatewayApi {
        /** Of GatewayClasses that are ours, and in statuses. */
        @WithDefault(DeriveOptions.CONTROLLER)
        String controllerName();

        /** GatewayClasses that are ours without an object, or with Istio's controller in it. */
        @WithDefault("istio,flotilla")
        List<String> classes();

        /** All Secrets are among the objects that are read, so that one that is missing is an error. */
        @WithDefault("false")
        boolean secretsKnown();
    }

    /** How Galley gets its certificate. */
    interface Identity {
        /** HOST:PORT of Citadel; absent: no identity. */
        Optional<String> citadel();

        @WithDefault("istio-citadel.istio-system.svc")
        String citadelName();

        Optional<String> tokenFile();

        Optional<String> rootFile();

        @WithDefault("istio-galley.istio-system.svc")
        List<String> dnsNames();
    }
}
