package io.flotilla.envoy.bootstrap;

/**
 * Where an Envoy listens from its first moment on, whatever Pilot does.
 *
 * @param admin     Envoy's admin interface; never reachable from outside the pod
 * @param probes    the kubelet's probes of applications, and {@code /healthz/ready}
 * @param readiness {@code /healthz/ready}: 200 once clusters and listeners have arrived
 * @param stats     {@code /stats/prometheus}
 */
public record StaticListeners(Address admin, Address probes, Address readiness, Address stats) {
    /** Istio's ports, on the addresses that they have in a pod with a network namespace of its own. */
    public static final StaticListeners IN_POD = at("127.0.0.1", Placeholder.ANY_IP.text());

    /** Istio's ports on given addresses. */
    public static StaticListeners at(String adminHost, String host) {
        return new StaticListeners(
                new Address(adminHost, 15000),
                new Address(host, 15020),
                new Address(host, 15021),
                new Address(host, 15090));
    }
}
