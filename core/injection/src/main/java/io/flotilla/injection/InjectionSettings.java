package io.flotilla.injection;

import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.envoy.CapturePorts;
import io.flotilla.envoy.bootstrap.ControlPlane;
import io.flotilla.envoy.bootstrap.InterceptionMode;
import io.flotilla.envoy.bootstrap.Placeholder;
import io.flotilla.envoy.bootstrap.StaticListeners;

/**
 * All that decides what a pod is injected with, beside the pod itself.
 *
 * @param policy    which pods
 * @param container how the injected containers are run
 * @param capture   how traffic gets to the sidecar
 * @param mesh      whom the sidecar asks
 * @param listeners where the sidecar answers probes
 * @param appHost   where applications listen, for their probes: the pod's address, or a placeholder
 * @param proxy     the ProxyConfig of the pod at hand; single annotations hold before it
 */
public record InjectionSettings(
        InjectionPolicy policy,
        ProxyContainer container,
        Capture capture,
        MeshMembership mesh,
        StaticListeners listeners,
        String appHost,
        ProxyConfig proxy) {
    /** For Kubernetes. */
    public static InjectionSettings defaults() {
        return new InjectionSettings(
                InjectionPolicy.DEFAULT,
                ProxyContainer.DEFAULT,
                Capture.DEFAULT,
                MeshMembership.DEFAULT,
                StaticListeners.IN_POD,
                Placeholder.POD_IP.text(),
                ProxyConfig.getDefaultInstance());
    }

    /** With another policy. */
    public InjectionSettings withPolicy(InjectionPolicy other) {
        return new InjectionSettings(other, container, capture, mesh, listeners, appHost, proxy);
    }

    /** With other containers. */
    public InjectionSettings withContainer(ProxyContainer other) {
        return new InjectionSettings(policy, other, capture, mesh, listeners, appHost, proxy);
    }

    /** With another way of capture. */
    public InjectionSettings withCapture(Capture other) {
        return new InjectionSettings(policy, container, other, mesh, listeners, appHost, proxy);
    }

    /** In another mesh. */
    public InjectionSettings withMesh(MeshMembership other) {
        return new InjectionSettings(policy, container, capture, other, listeners, appHost, proxy);
    }

    /** With other addresses of the sidecar's static listeners. */
    public InjectionSettings withListeners(StaticListeners other) {
        return new InjectionSettings(policy, container, capture, mesh, other, appHost, proxy);
    }

    /** With another control plane, the rest of the mesh unchanged. */
    public InjectionSettings withControlPlane(ControlPlane other) {
        return withMesh(new MeshMembership(
                other, mesh.domainSuffix(), mesh.clusterId(), mesh.network(), mesh.revision(), mesh.token()));
    }

    /** With other ports that take what is captured. */
    public InjectionSettings withPorts(CapturePorts other) {
        return withCapture(new Capture(capture.mode(), capture.ownTraffic(), other, capture.scope()));
    }

    /** With own traffic told apart in another way. */
    public InjectionSettings withOwnTraffic(OwnTraffic other) {
        return withCapture(new Capture(capture.mode(), other, capture.ports(), capture.scope()));
    }

    /**
     * For pods that share a host: no capture, everything on the pod's own loopback address, applications on the address
     * APP_IP.
     */
    public InjectionSettings withoutCapture() {
        String pod = Placeholder.POD_IP.text();
        return new InjectionSettings(
                policy,
                container,
                new Capture(InterceptionMode.NONE, capture.ownTraffic(), capture.ports(), capture.scope()),
                mesh,
                StaticListeners.at(pod, pod),
                Placeholder.APP_IP.text(),
                proxy);
    }
}
