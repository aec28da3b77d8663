package io.flotilla.envoy;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;

/**
 * Where captured connections arrive: a sidecar listens there, and the rules of capture redirect there. Both take it from
 * MeshConfig (proxyListenPort, proxyInboundListenPort); pods that were injected before a change of it need to be injected
 * anew, as in Istio.
 */
public record CapturePorts(int outbound, int inbound) {
    /** Istio's. */
    public static final CapturePorts STANDARD = new CapturePorts(15001, 15006);

    /** The mesh's; Istio's where it says nothing. */
    public static CapturePorts of(MeshConfig mesh) {
        return new CapturePorts(
                mesh.getProxyListenPort() > 0 ? mesh.getProxyListenPort() : STANDARD.outbound(),
                mesh.getProxyInboundListenPort() > 0 ? mesh.getProxyInboundListenPort() : STANDARD.inbound());
    }
}
