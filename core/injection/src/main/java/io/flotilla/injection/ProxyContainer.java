package io.flotilla.injection;

import java.util.Map;

/**
 * How the two injected containers are run.
 *
 * @param images    what they are made of
 * @param logLevel  of Envoy
 * @param threads   worker threads of Envoy; 0 for one per CPU
 * @param requests  resources that istio-proxy asks for, "cpu" and "memory"
 * @param limits    resources that it may use
 * @param lifecycle how it starts and stops
 */
public record ProxyContainer(
        Images images,
        String logLevel,
        int threads,
        Map<String, String> requests,
        Map<String, String> limits,
        Lifecycle lifecycle) {
    /** Plain upstream Envoy, as a native sidecar. */
    public static final ProxyContainer DEFAULT = new ProxyContainer(
            new Images("envoyproxy/envoy:v1.40.0", "flotilla/proxy-init:0.1.0", "IfNotPresent"),
            "warning",
            2,
            Map.of("cpu", "100m", "memory", "128Mi"),
            Map.of("cpu", "2", "memory", "1Gi"),
            Lifecycle.DEFAULT);

    public ProxyContainer {
        requests = Map.copyOf(requests);
        limits = Map.copyOf(limits);
    }

    /**
     * Container images.
     *
     * @param proxy      has {@code envoy} on its PATH
     * @param init       has a POSIX shell, sed, and iptables
     * @param pullPolicy Kubernetes' imagePullPolicy
     */
    public record Images(String proxy, String init, String pullPolicy) {}

    /**
     * How istio-proxy starts and stops.
     *
     * @param nativeSidecar       an init container that goes on running (Kubernetes 1.29): started, and ready, before the
     *                            applications, stopped after them. Otherwise the first of the ordinary containers
     * @param preStopSeconds      how long it goes on as if nothing had happened when the pod is to stop: until no peer
     *                            has the pod among its endpoints. On SIGTERM Envoy drops what is in flight
     * @param drainSeconds        how long connections of a listener that changes may go on (Envoy: --drain-time-s)
     * @param startupFailures     seconds in which it must become ready for the first time
     * @param readiness           when it counts as ready
     */
    public record Lifecycle(
            boolean nativeSidecar, int preStopSeconds, int drainSeconds, int startupFailures, Readiness readiness) {
        /** Native sidecar, 5 s pre-stop sleep, ready within 10 minutes. */
        public static final Lifecycle DEFAULT = new Lifecycle(true, 5, 45, 600, new Readiness(1, 15, 4));
    }

    /** The readiness probe of istio-proxy, as Kubernetes names its fields. */
    public record Readiness(int initialDelaySeconds, int periodSeconds, int failureThreshold) {}
}
