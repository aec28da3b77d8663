package io.flotilla.e2e.kube;

/** Ports of the loopback interface. */
public final class Ports {
    private Ports() {}

    /** One that nobody listens on now. */
    public static int free() {
        return Daemon.freePort();
    }
}
