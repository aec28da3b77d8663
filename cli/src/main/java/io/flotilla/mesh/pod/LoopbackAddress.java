package io.flotilla.mesh.pod;

/** Addresses of pods that share the host: the proxy at 127.44.x.y, its application at 127.45.x.y. */
public final class LoopbackAddress {
    public static final String PODS = "127.44";
    private static final String APPLICATIONS = "127.45";

    private LoopbackAddress() {}

    public static String ofApplication(String pod) {
        if (!pod.startsWith(PODS + ".")) {
            throw new IllegalArgumentException(pod + " is no pod's address on loopback");
        }
        return APPLICATIONS + pod.substring(PODS.length());
    }
}
