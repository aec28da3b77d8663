package io.flotilla.injector;

import io.flotilla.injection.InjectionPolicy;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of the injector: properties "flotilla.*", environment FLOTILLA_*. */
@ConfigMapping(prefix = "flotilla")
interface InjectorSettings {
    /** HTTPS, path /inject. 0 takes a free port. */
    @WithDefault("9444")
    int webhookPort();

    /** Address of the webhook. */
    @WithDefault("127.0.0.1")
    String bind();

    @WithDefault("cluster.local")
    String domainSuffix();

    /** Namespace of the control plane, which is never injected. */
    @WithDefault("istio-system")
    String namespace();

    /**
     * Galley, whose MeshConfig, ProxyConfigs and EnvoyFilters hold for pods: xds://HOST:PORT in plaintext,
     * xds+tls://HOST:PORT with mutual TLS. Absent: the file of MeshConfig alone says it.
     */
    Optional<String> config();

    /** Folder where what Galley said is kept for the next start. */
    Optional<String> stateDir();

    Injector injector();

    Identity identity();

    /** What pods are injected with; the defaults are those of {@code kube-inject}. */
    interface Injector {
        /** ENABLED injects every pod that does not refuse, DISABLED only those that ask. */
        @WithDefault("ENABLED")
        InjectionPolicy.Mode policy();

        /** Policy and selectors, as Istio's ConfigMap istio-sidecar-injector has them. Read again on change. */
        Optional<String> configFile();

        /**
         * MeshConfig as YAML, whose defaultConfig (ProxyConfig) holds for all pods as long as Galley has told none. Read
         * again on change.
         */
        Optional<String> meshConfigFile();

        /** PEM certificate chain and key of the webhook, where they do not come from Citadel. Read again on change. */
        Optional<String> certFile();

        Optional<String> keyFile();

        Optional<String> proxyImage();

        Optional<String> initImage();

        Optional<String> logLevel();

        OptionalInt concurrency();

        /** False injects an ordinary container, for clusters older than Kubernetes 1.29. */
        Optional<Boolean> nativeSidecar();

        OptionalInt preStopSeconds();

        /** HOST:PORT that sidecars reach Pilot at. */
        Optional<String> pilot();

        /** HOST:PORT that sidecars reach Citadel at. */
        Optional<String> citadel();

        @WithDefault("Kubernetes")
        String clusterId();

        Optional<String> network();

        @WithDefault("default")
        String revision();
    }

    /** How the injector gets its certificate from Citadel. */
    interface Identity {
        /** HOST:PORT of Citadel; absent: the certificate comes from files. */
        Optional<String> citadel();

        @WithDefault("istio-citadel.istio-system.svc")
        String citadelName();

        Optional<String> tokenFile();

        Optional<String> rootFile();

        @WithDefault("istio-sidecar-injector.istio-system.svc")
        List<String> dnsNames();
    }
}
