package io.flotilla.pilot.chaos;

import io.flotilla.config.model.Config;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.discovery.client.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Objects of many kinds that come, change and go at random, chosen so that they get into each other's way: one host in
 * two namespaces, short names that are the hosts of others, addresses of two services, ports of TCP beside HTTP, routes
 * to what is not there, rules with wildcards, a Sidecar.
 */
final class NeighbourMesh {
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> NAMESPACES = List.of("default", "other");

    private final Random random;
    private final Map<String, String> manifests = new TreeMap<>();
    private final Published published = new Published();

    NeighbourMesh(Random random) {
        this.random = random;
        for (int i = 0; i < 6; i++) {
            manifests.put("still" + i, entry("still" + i, "default", "still" + i + ".example", "HTTP", 80, ""));
        }
        manifests.put("web", entry("web", "default", "web.example", "HTTP", 8080, ""));
    }

    private static String entry(String name, String namespace, String host, String protocol, int port, String more) {
        return """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: %s, namespace: %s}
            spec:
              hosts: ["%s"]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: %d, name: p, protocol: %s}]
              endpoints: [{address: 10.9.9.9, labels: {version: v1}}]
            %s
            """.formatted(name, namespace, host, port, protocol, more);
    }

    private static String service(String name, String namespace, String address, int port, String portName) {
        return """
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s, namespace: %2$s}
            spec: {clusterIP: %3$s, selector: {app: %1$s}, ports: [{name: %5$s, port: %4$d, targetPort: 8080}]}
            """.formatted(name, namespace, address, port, portName);
    }

    private static String pod(String name, String namespace, boolean ready) {
        return """
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s-0, namespace: %2$s, uid: %1$s-%2$s, labels: {app: %1$s}}
            spec:
              containers: [{name: app, ports: [{containerPort: 8080}]}]
            status:
              phase: Running
              podIP: 10.44.%3$d.%4$d
              conditions: [{type: Ready, status: "%5$s"}]
            """.formatted(name, namespace, namespace.length(), name.charAt(0) - 'a', ready ? "True" : "False");
    }

    private static String rule(String name, String namespace, String host, int connections) {
        return """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: %1$s, namespace: %2$s}
            spec:
              host: "%3$s"
              trafficPolicy: {connectionPool: {tcp: {maxConnections: %4$d}}, loadBalancer: {%5$s}}
              subsets: [{name: v1, labels: {version: v1}}]
            """.formatted(
                        name,
                        namespace,
                        host,
                        connections,
                        connections % 2 == 0 ? "consistentHash: {httpHeaderName: x}" : "simple: RANDOM");
    }

    private static String route(String name, String namespace, String host, String to, String protocol) {
        return """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: %s, namespace: %s}
            spec:
              hosts: ["%s"]
              %s: [{route: [{destination: {host: "%s"}}]}]
            """.formatted(name, namespace, host, protocol, to);
    }

    private <T> T one(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String host(String name, String namespace) {
        return one(List.of(
                name + ".example",
                name + ".example",
                name + "-" + namespace + ".example",
                name + "-" + namespace + ".example",
                name + "-" + namespace + ".example",
                name + "." + namespace,
                name + "." + namespace + ".svc",
                name + "." + namespace + ".svc.cluster.local",
                name));
    }

    /** Something changes. */
    Update edit() {
        String name = one(NAMES);
        String namespace = one(NAMESPACES);
        String key = name + "." + namespace;
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> {
                int port = one(List.of(80, 80, 80, 8080, 9090));
                put("entry " + key, entry(name, namespace, host(name, namespace), "HTTP", port, addresses()));
            }
            case 3 -> put("entry " + key, entry(name, namespace, name + ".example", "TCP", 80, addresses()));
            case 4, 5 ->
                put(
                        "service " + key,
                        service(
                                name,
                                namespace,
                                one(List.of("10.96.0." + (name.charAt(0) - 'a'), "10.96.0.1", "None")),
                                one(List.of(80, 80, 8080)),
                                one(List.of("http", "http", "tcp"))));
            case 6 -> put("pod " + key, pod(name, namespace, random.nextInt(4) > 0));
            case 7, 8 ->
                put(
                        "rule " + key,
                        rule(
                                name,
                                namespace,
                                random.nextInt(8) == 0 ? "*.example" : host(name, namespace),
                                1 + random.nextInt(9)));
            case 9 ->
                put(
                        "route " + key,
                        route(
                                name,
                                namespace,
                                one(List.of(host(name, namespace), "still0.example", "*.example", "own.example")),
                                host(one(NAMES), namespace),
                                one(List.of("http", "http", "tcp"))));
            case 10 -> put("sidecar", sidecar());
            default -> {
                List<String> all = manifests.keySet().stream()
                        .filter(each -> !each.startsWith("still"))
                        .toList();
                if (!all.isEmpty()) {
                    manifests.remove(one(all));
                }
            }
        }
        return publish();
    }

    private void put(String key, String manifest) {
        manifests.put(key, manifest);
    }

    private String addresses() {
        return random.nextInt(6) == 0 ? "  addresses: [10.96.0." + random.nextInt(4) + "]" : "";
    }

    private String sidecar() {
        return """
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: default, namespace: other}
            spec: {egress: [{hosts: ["%s"]}]}
            """.formatted(one(List.of("./*", "default/*", "*/*")));
    }

    /** All that there is, for whoever looks for what went wrong. */
    @Override
    public String toString() {
        return String.join("---\n", manifests.values());
    }

    Update publish() {
        List<Config<?>> read = new ArrayList<>();
        new ObjectReader(ReadOptions.DEFAULT)
                .read("test.yaml", String.join("---\n", manifests.values()))
                .objects()
                .forEach(object -> read.add(object.config()));
        return published.next(MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                .apply(read, List.of())
                .objects()
                .published());
    }
}
