package io.flotilla.config.analysis.hygiene;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * An annotation of Istio.
 *
 * @param where   kinds that it belongs to
 * @param value   what it must be
 * @param state   whether this mesh acts on it
 * @param instead what took its place; empty where it is current
 */
record KnownAnnotation(Set<Where> where, Value value, State state, String instead) {
    /** Kinds of objects. */
    enum Where {
        POD,
        SERVICE,
        NAMESPACE,
        GATEWAY,
        INGRESS,
        ANY
    }

    /** Forms of values. */
    enum Value {
        TEXT,
        BOOL,
        NUMBER,
        PORTS,
        RANGES,
        NAMESPACES,
        INTERCEPTION
    }

    /** What becomes of it here. */
    enum State {
        ACTED_ON,
        PASSED_OVER
    }

    private static final Map<String, KnownAnnotation> ALL = new TreeMap<>();

    static {
        pods(State.ACTED_ON, Value.BOOL, "sidecar.istio.io/rewriteAppHTTPProbers", "sidecar.istio.io/nativeSidecar");
        add("sidecar.istio.io/inject", Where.POD, Value.BOOL, State.ACTED_ON, "the label sidecar.istio.io/inject");
        pods(
                State.ACTED_ON,
                Value.TEXT,
                "proxy.istio.io/config",
                "sidecar.istio.io/status",
                "sidecar.istio.io/userVolume",
                "sidecar.istio.io/userVolumeMount",
                "sidecar.istio.io/proxyImage",
                "sidecar.istio.io/proxyCPU",
                "sidecar.istio.io/proxyCPULimit",
                "sidecar.istio.io/proxyMemory",
                "sidecar.istio.io/proxyMemoryLimit",
                "sidecar.istio.io/logLevel",
                "sidecar.istio.io/componentLogLevel",
                "sidecar.istio.io/bootstrapOverride",
                "traffic.sidecar.istio.io/excludeInterfaces");
        pods(State.ACTED_ON, Value.INTERCEPTION, "sidecar.istio.io/interceptionMode");
        pods(
                State.ACTED_ON,
                Value.PORTS,
                "traffic.sidecar.istio.io/includeInboundPorts",
                "traffic.sidecar.istio.io/excludeInboundPorts",
                "traffic.sidecar.istio.io/includeOutboundPorts",
                "traffic.sidecar.istio.io/excludeOutboundPorts");
        pods(
                State.ACTED_ON,
                Value.RANGES,
                "traffic.sidecar.istio.io/includeOutboundIPRanges",
                "traffic.sidecar.istio.io/excludeOutboundIPRanges");
        pods(
                State.ACTED_ON,
                Value.NUMBER,
                "status.sidecar.istio.io/port",
                "readiness.status.sidecar.istio.io/failureThreshold",
                "readiness.status.sidecar.istio.io/initialDelaySeconds",
                "readiness.status.sidecar.istio.io/periodSeconds");
        pods(
                State.PASSED_OVER,
                Value.TEXT,
                "inject.istio.io/templates",
                "proxy.istio.io/overrides",
                "prometheus.istio.io/merge-metrics",
                "sidecar.istio.io/agentLogLevel",
                "sidecar.istio.io/enableCoreDump",
                "sidecar.istio.io/extraStatTags",
                "sidecar.istio.io/proxyImageType",
                "sidecar.istio.io/statsCompression",
                "sidecar.istio.io/statsHistogramBuckets",
                "sidecar.istio.io/statsInclusionRegexps",
                "sidecar.istio.io/statsInclusionSuffixes",
                "sidecar.istio.io/statsEvictionInterval",
                "traffic.sidecar.istio.io/kubevirtInterfaces",
                "istio.io/reroute-virtual-interfaces",
                "readiness.status.sidecar.istio.io/applicationPorts",
                "alpha.istio.io/identity",
                "policy.istio.io/check",
                "policy.istio.io/checkRetries",
                "policy.istio.io/checkBaseRetryWaitTime",
                "policy.istio.io/checkMaxRetryWaitTime",
                "ambient.istio.io/redirection",
                "ambient.istio.io/bypass-inbound-capture",
                "ambient.istio.io/dns-capture");
        add(
                "sidecar.istio.io/statsInclusionPrefixes",
                Where.POD,
                Value.TEXT,
                State.ACTED_ON,
                "proxyStatsMatcher in proxy.istio.io/config");
        add("sidecar.istio.io/discoveryAddress", Where.POD, Value.TEXT, State.ACTED_ON, "the mesh's discoveryAddress");
        add("sidecar.istio.io/controlPlaneAuthPolicy", Where.POD, Value.TEXT, State.PASSED_OVER, "nothing");
        add("policy.istio.io/lang", Where.POD, Value.TEXT, State.PASSED_OVER, "nothing");
        add("networking.istio.io/exportTo", Where.SERVICE, Value.NAMESPACES, State.ACTED_ON, "");
        for (String service : new String[] {
            "alpha.istio.io/kubernetes-serviceaccounts",
            "alpha.istio.io/canonical-serviceaccounts",
            "networking.istio.io/traffic-distribution",
            "traffic.istio.io/nodeSelector",
            "ambient.istio.io/waypoint-inbound-binding"
        }) {
            add(service, Where.SERVICE, Value.TEXT, State.PASSED_OVER, "");
        }
        add("networking.istio.io/service-type", Where.GATEWAY, Value.TEXT, State.PASSED_OVER, "");
        add("networking.istio.io/address-type", Where.GATEWAY, Value.TEXT, State.PASSED_OVER, "");
        add("topology.istio.io/controlPlaneClusters", Where.NAMESPACE, Value.TEXT, State.PASSED_OVER, "");
        add("galley.istio.io/analyze-suppress", Where.ANY, Value.TEXT, State.ACTED_ON, "");
    }

    private static void pods(State state, Value value, String... names) {
        for (String name : names) {
            add(name, Where.POD, value, state, "");
        }
    }

    private static void add(String name, Where where, Value value, State state, String instead) {
        ALL.put(name, new KnownAnnotation(Set.of(where), value, state, instead));
    }

    static Optional<KnownAnnotation> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    static Set<String> names() {
        return ALL.keySet();
    }
}
