package io.flotilla.pilot;

import io.flotilla.pilot.world.Peer;
import io.flotilla.pilot.world.RealEnvoy;
import java.io.IOException;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * A network that is reached through its gateway alone.
 *
 * @param port    of the gateway
 * @param address of a member there
 * @param target  its port
 */
record FarNetwork(int port, String address, int target) {
    static final String URL = "http://server.far.test:80/";

    static RealEnvoy.Identity identity() {
        return new RealEnvoy.Identity(
                "router~127.0.0.1~eastwest-0.istio-system~istio-system.svc.cluster.local",
                "istio-eastwestgateway-service-account",
                "REDIRECT",
                Map.of("istio", "eastwestgateway", "topology.istio.io/network", "far"));
    }

    /** A connection to the member there as its callers open it, through the gateway. */
    Peer open(SSLContext caller) throws IOException {
        return Peer.through(caller, port, "istio-http/1.1", "outbound_.80_._.server.far.test");
    }

    /** The status of a request on a connection of its own; "closed" where there is none. */
    String said(SSLContext caller) {
        try (Peer peer = open(caller)) {
            return peer.get("/");
        } catch (IOException e) {
            return "closed";
        }
    }

    /** What the mesh's ConfigMap has beside the rest. */
    String networks() {
        return """
              meshNetworks: |
                networks:
                  far:
                    endpoints: [{fromRegistry: far}]
                    gateways: [{address: 127.0.0.1, port: %d}]
            """.formatted(port);
    }

    String service() {
        return """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: far, namespace: default}
            spec:
              hosts: [server.far.test]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP, targetPort: %2$d}]
              endpoints:
              - address: %1$s
                network: far
                serviceAccount: server
                labels: {version: v1, security.istio.io/tlsMode: istio}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: far, namespace: default}
            spec:
              host: server.far.test
              subsets: [{name: v1, labels: {version: v1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: far, namespace: default}
            spec:
              hosts: [server.far.test]
              http:
              - match: [{headers: {x-subset: {exact: v1}}}]
                route: [{destination: {host: server.far.test, subset: v1}}]
              - route: [{destination: {host: server.far.test}}]
            ---
            """.formatted(address, target);
    }

    String gateway(String hosts) {
        return """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: between, namespace: istio-system}
            spec:
              selector: {istio: eastwestgateway}
              servers:
              - port: {number: %d, name: tls, protocol: TLS}
                hosts: ["%s"]
                tls: {mode: AUTO_PASSTHROUGH}
            """.formatted(port, hosts);
    }
}
