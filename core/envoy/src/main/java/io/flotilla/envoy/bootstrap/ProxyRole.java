package io.flotilla.envoy.bootstrap;

/** What an Envoy is in the mesh: the first part of its node id. */
public enum ProxyRole {
    /** Beside an application. */
    SIDECAR("sidecar"),
    /** At an edge: ingress and egress gateways. */
    ROUTER("router");

    private final String id;

    ProxyRole(String id) {
        this.id = id;
    }

    /** As the node id has it. */
    public String id() {
        return id;
    }
}
