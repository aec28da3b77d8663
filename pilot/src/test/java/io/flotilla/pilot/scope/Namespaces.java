package io.flotilla.pilot.scope;

/** Objects of small meshes with several namespaces, each with a service and its pod of the namespace's name. */
public final class Namespaces {
    private Namespaces() {}

    /** Service and pod; their addresses end with a number. */
    public static String namespace(String name, int number) {
        return """
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s, namespace: %1$s}
            spec: {clusterIP: 10.96.1.%2$d, selector: {app: %1$s}, ports: [{name: http, port: 80}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s-0, namespace: %1$s, uid: uid-%1$s, labels: {app: %1$s}}
            spec: {serviceAccountName: %1$s, containers: [{name: app}]}
            status:
              phase: Running
              podIP: 10.44.1.%2$d
              conditions: [{type: Ready, status: "True"}]
            ---
            """.formatted(name, number);
    }

    /** A Sidecar for a whole namespace, or for all where that is istio-system. */
    public static String sidecar(String namespace, String hosts) {
        return """
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: default, namespace: %s}
            spec: {egress: [{hosts: [%s]}]}
            ---
            """.formatted(namespace, hosts);
    }
}
