package io.flotilla.envoy;

/** How an application's connections reach its proxy (Istio's node metadata INTERCEPTION_MODE). */
public sealed interface Capture {
    /**
     * The kernel redirects them, so listeners need no address of the pod.
     *
     * @param families of addresses that the pod has
     */
    record Redirect(Families families) implements Capture {
        /** In a pod of IPv4. */
        public Redirect() {
            this(Families.V4);
        }
    }

    /**
     * Nothing is redirected: the proxy listens on the pod's own address. The one case in which resources carry it.
     *
     * @param address     where the proxy listens
     * @param application where the application listens
     */
    record Explicit(String address, String application) implements Capture {}

    /** Addresses that the pod has; without capture that is the machine's affair, and taken for IPv4. */
    default Families families() {
        return Families.V4;
    }
}
