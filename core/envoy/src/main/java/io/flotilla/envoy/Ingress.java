package io.flotilla.envoy;

import io.flotilla.api.networking.v1alpha3.CaptureMode;
import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings;
import io.flotilla.api.networking.v1alpha3.IstioIngressListener;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.api.networking.v1alpha3.Sidecar;

/**
 * What a Sidecar says of a port on which the application is called.
 *
 * @param bind     address of the listener, empty for the usual one
 * @param mode     whether connections are captured
 * @param tls      that clients speak where the mesh's is off; without certificates there is none
 * @param endpoint where the application listens: "127.0.0.1:PORT", "0.0.0.0:PORT", "unix://PATH"; empty for the port
 * @param pool     limits of connections to it
 */
public record Ingress(
        String bind, CaptureMode mode, ServerTLSSettings tls, String endpoint, ConnectionPoolSettings pool) {
    /** Without a Sidecar. */
    public static final Ingress NONE = of(Sidecar.getDefaultInstance());

    /** For a port that a service declares. */
    public static Ingress of(Sidecar sidecar) {
        return new Ingress(
                "",
                CaptureMode.DEFAULT,
                ServerTLSSettings.getDefaultInstance(),
                "",
                sidecar.getInboundConnectionPool());
    }

    /** For a port that the Sidecar declares. */
    public static Ingress of(Sidecar sidecar, IstioIngressListener listener) {
        return new Ingress(
                listener.getBind(),
                listener.getCaptureMode(),
                listener.getTls(),
                listener.getDefaultEndpoint(),
                listener.hasConnectionPool() ? listener.getConnectionPool() : sidecar.getInboundConnectionPool());
    }

    /** Clients connect to the listener itself, though others' connections are captured. */
    public boolean bound() {
        return mode == CaptureMode.NONE;
    }

    /** Clients speak TLS that is not the mesh's. */
    public boolean ownTls() {
        return !tls.equals(ServerTLSSettings.getDefaultInstance());
    }
}
