package io.flotilla.injection;

/** How capture tells the sidecar's own traffic from the application's. */
public sealed interface OwnTraffic {
    /** By the user that the sidecar runs as; root in the pod is needed to switch to it. */
    record UserId(long id) implements OwnTraffic {}

    /**
     * By a mark on the sidecar's sockets (SO_MARK), where only one user id exists, as in the user namespace of an
     * ordinary user. The sidecar needs NET_ADMIN, and the application must not have it.
     */
    record Mark(long mark) implements OwnTraffic {}

    /** Istio's user id. */
    OwnTraffic DEFAULT = new UserId(1337);
}
