package io.flotilla.gateway;

import io.flotilla.envoy.bootstrap.InterceptionMode;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.List;
import java.util.Optional;

/** Settings of the gateway service: properties "flotilla.gateway.*", environment FLOTILLA_GATEWAY_*. */
@ConfigMapping(prefix = "flotilla.gateway")
interface GatewaySettings {
    /** Name of the workload. */
    @WithDefault("istio-ingressgateway")
    String name();

    /** Where the gateway runs; secrets of other namespaces are not served. */
    @WithDefault("istio-system")
    String namespace();

    @WithParentName
    Node node();

    @WithParentName
    Link link();

    @WithParentName
    Listen listen();

    Envoy envoy();

    /**
     * Folder of manifests whose MeshConfig, ProxyConfigs and EnvoyFilters of bootstraps hold for this gateway's start;
     * absent for none.
     */
    Optional<String> meshDir();

    @WithParentName
    Secrets secrets();

    /** Who the Envoy says that it is. */
    interface Node {
        /** Name of the pod; the workload's name where there is no other. */
        Optional<String> podName();

        /** First address of the pod. */
        @WithDefault("127.0.0.1")
        String podIp();

        Optional<String> podUid();

        Optional<String> serviceAccount();

        /** "istio=ingressgateway,app=istio-ingressgateway", which Gateways select by. */
        Optional<List<String>> labels();

        /** "region/zone/subzone". */
        Optional<String> locality();

        @WithDefault("cluster.local")
        String domainSuffix();

        @WithDefault("Kubernetes")
        String clusterId();

        Optional<String> network();

        @WithDefault("default")
        String revision();

        /** NONE where gateways share a host, and listen on their own loopback address. */
        @WithDefault("REDIRECT")
        InterceptionMode interceptionMode();
    }

    /** Whom the Envoy asks. */
    interface Link {
        /** HOST:PORT. */
        @WithDefault("istio-pilot.istio-system.svc:15012")
        String pilot();

        /** DNS name in Pilot's certificate. */
        @WithDefault("istio-pilot.istio-system.svc")
        String pilotName();

        /** HOST:PORT; "none" asks Pilot in plain text, on one host only. */
        @WithDefault("istio-citadel.istio-system.svc:8060")
        String citadel();

        /** DNS name in Citadel's certificate. */
        @WithDefault("istio-citadel.istio-system.svc")
        String citadelName();

        /** Holds "istio-token". */
        @WithDefault("/var/run/secrets/tokens")
        String tokenDir();

        /** Holds "root-cert.pem". */
        @WithDefault("/var/run/secrets/istio")
        String rootDir();
    }

    /** Where the Envoy listens from its start. */
    interface Listen {
        @WithDefault("127.0.0.1:15000")
        String admin();

        @WithDefault("0.0.0.0:15020")
        String probes();

        @WithDefault("0.0.0.0:15021")
        String readiness();

        @WithDefault("0.0.0.0:15090")
        String stats();
    }

    /** The Envoy process. */
    interface Envoy {
        /** The binary; absent where somebody else starts Envoy (a container of its own). */
        Optional<String> path();

        /** Where bootstrap, SDS descriptions and pid file lie. */
        @WithDefault("/etc/istio/proxy")
        String directory();

        /** Takes its output, appended; "envoy.log" in the directory where absent. */
        Optional<String> log();

        @WithDefault("warning")
        String logLevel();

        /** Worker threads; 0 is one per CPU. */
        @WithDefault("2")
        int concurrency();

        /** How long requests may go on when the gateway stops or their listener does, where no ProxyConfig says it. */
        @WithDefault("10")
        int drainSeconds();

        /** SO_MARK of upstream connections; absent for none. */
        Optional<Long> socketMark();
    }

    /** Certificates of the edge. */
    interface Secrets {
        /** PEM files and Secret manifests, see the README; absent serves none. */
        Optional<String> secretsDir();

        /** UNIX socket on which Envoy gets them; in the Envoy directory where absent. */
        Optional<String> sdsSocket();
    }
}
