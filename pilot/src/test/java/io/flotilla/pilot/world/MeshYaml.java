package io.flotilla.pilot.world;

import io.flotilla.config.model.Config;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.SnapshotBuilder;
import java.util.ArrayList;
import java.util.List;

/** Small meshes. */
public final class MeshYaml {
    private MeshYaml() {}

    /** A mesh as YAML says. */
    public static MeshSnapshot of(String yaml) {
        List<Config<?>> objects = new ArrayList<>();
        new ObjectReader(ReadOptions.DEFAULT)
                .read("test.yaml", yaml)
                .objects()
                .forEach(object -> objects.add(object.config()));
        MeshObjects mesh = MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                .apply(objects, List.of())
                .objects();
        return SnapshotBuilder.build(MeshSettings.defaults(), mesh.published());
    }

    /** Service "web" in "default" with one pod, "web-0", of a service account. */
    public static MeshSnapshot web(String serviceAccount) {
        return of(service("web") + pod("web", serviceAccount, "10.44.1.1"));
    }

    public static String service(String name) {
        return """
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s, namespace: default}
            spec:
              clusterIP: 10.96.1.1
              selector: {app: %1$s}
              ports: [{name: http, port: 80}]
            ---
            """.formatted(name);
    }

    public static String pod(String app, String serviceAccount, String address) {
        return """
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s-0, namespace: default, uid: %1$s, labels: {app: %1$s}}
            spec:
              serviceAccountName: %2$s
              containers: [{name: app}, {name: istio-proxy}]
            status:
              phase: Running
              podIP: %3$s
              conditions: [{type: Ready, status: "True"}]
            ---
            """.formatted(app, serviceAccount, address);
    }

    /** Pod NAME-0 in "default" of the service account NAME, with a proxy beside its application. */
    public static String sidecar(String name, String address) {
        return sidecar(name, address, "");
    }

    /** The same in a network. */
    public static String sidecar(String name, String address, String network) {
        return """
            apiVersion: v1
            kind: Pod
            metadata:
              name: %1$s-0
              namespace: default
              uid: %1$s
              labels: {app: %1$s%3$s}
              annotations: {sidecar.istio.io/status: "{}"}
            spec:
              serviceAccountName: %1$s
              containers: [{name: app}]
              initContainers: [{name: istio-proxy, restartPolicy: Always}]
            status:
              phase: Running
              podIP: %2$s
              conditions: [{type: Ready, status: "True"}]
            ---
            """.formatted(name, address, network.isEmpty() ? "" : ", topology.istio.io/network: " + network);
    }

    /**
     * Service "server" in "default".
     *
     * @param address in the cluster
     * @param ports   as YAML, in one line
     */
    public static String server(String address, String ports) {
        return """
            apiVersion: v1
            kind: Service
            metadata: {name: server, namespace: default}
            spec: {clusterIP: %s, selector: {app: server}, ports: %s}
            ---
            """.formatted(address, ports);
    }

    /** Everybody in the mesh speaks mutual TLS. */
    public static String strict() {
        return """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: istio-system}
            spec: {mtls: {mode: STRICT}}
            """;
    }
}
