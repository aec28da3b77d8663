package io.flotilla.injection;

/** Istio's names for what a pod says about its sidecar, and for what is injected. */
final class Annotations {
    static final String PROXY_CONTAINER = "istio-proxy";
    static final String INIT_CONTAINER = "istio-init";

    static final String INJECT = "sidecar.istio.io/inject";
    static final String STATUS = "sidecar.istio.io/status";
    static final String PROXY_IMAGE = "sidecar.istio.io/proxyImage";
    static final String LOG_LEVEL = "sidecar.istio.io/logLevel";
    static final String COMPONENT_LOG_LEVEL = "sidecar.istio.io/componentLogLevel";
    static final String BOOTSTRAP_OVERRIDE = "sidecar.istio.io/bootstrapOverride";
    static final String PROXY_CPU = "sidecar.istio.io/proxyCPU";
    static final String PROXY_CPU_LIMIT = "sidecar.istio.io/proxyCPULimit";
    static final String PROXY_MEMORY = "sidecar.istio.io/proxyMemory";
    static final String PROXY_MEMORY_LIMIT = "sidecar.istio.io/proxyMemoryLimit";
    static final String INTERCEPTION_MODE = "sidecar.istio.io/interceptionMode";
    static final String DISCOVERY_ADDRESS = "sidecar.istio.io/discoveryAddress";
    static final String STATS_PREFIXES = "sidecar.istio.io/statsInclusionPrefixes";
    static final String REWRITE_PROBES = "sidecar.istio.io/rewriteAppHTTPProbers";
    static final String NATIVE_SIDECAR = "sidecar.istio.io/nativeSidecar";
    static final String USER_VOLUME = "sidecar.istio.io/userVolume";
    static final String USER_VOLUME_MOUNT = "sidecar.istio.io/userVolumeMount";

    static final String PROXY_CONFIG = "proxy.istio.io/config";

    static final String STATUS_PORT = "status.sidecar.istio.io/port";
    static final String READINESS_DELAY = "readiness.status.sidecar.istio.io/initialDelaySeconds";
    static final String READINESS_PERIOD = "readiness.status.sidecar.istio.io/periodSeconds";
    static final String READINESS_FAILURES = "readiness.status.sidecar.istio.io/failureThreshold";

    static final String INCLUDE_OUTBOUND_RANGES = "traffic.sidecar.istio.io/includeOutboundIPRanges";
    static final String EXCLUDE_OUTBOUND_RANGES = "traffic.sidecar.istio.io/excludeOutboundIPRanges";
    static final String INCLUDE_OUTBOUND_PORTS = "traffic.sidecar.istio.io/includeOutboundPorts";
    static final String EXCLUDE_OUTBOUND_PORTS = "traffic.sidecar.istio.io/excludeOutboundPorts";
    static final String INCLUDE_INBOUND_PORTS = "traffic.sidecar.istio.io/includeInboundPorts";
    static final String EXCLUDE_INBOUND_PORTS = "traffic.sidecar.istio.io/excludeInboundPorts";
    static final String EXCLUDE_INTERFACES = "traffic.sidecar.istio.io/excludeInterfaces";

    private Annotations() {}
}
