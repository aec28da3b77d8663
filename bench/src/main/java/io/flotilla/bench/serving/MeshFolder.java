package io.flotilla.bench.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder of ServiceEntries; each fifth has a DestinationRule with two subsets and a VirtualService over both. */
final class MeshFolder {
    static final int NAMESPACES = 10;
    static final int ROUTED_EVERY = 5;

    private final Path folder;
    private final int services;
    private final int endpoints;

    MeshFolder(Path folder, int services, int endpoints) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.services = services;
        this.endpoints = endpoints;
        for (int i = 0; i < services; i++) {
            service(i, 0);
            if (i % ROUTED_EVERY == 0) {
                rule(i, 5);
                route(i, 99);
            }
        }
    }

    int services() {
        return services;
    }

    static String host(int number) {
        return "svc-" + number + ".mesh.example";
    }

    /** Writes a service; its first address says which edit it is of: the next 65,535 have others. */
    void service(int number, int edit) throws IOException {
        StringBuilder yaml = new StringBuilder(head("ServiceEntry", number))
                .append("  hosts: [")
                .append(host(number))
                .append("]\n")
                .append("  location: MESH_INTERNAL\n  resolution: STATIC\n")
                .append("  ports: [{number: 80, name: http, protocol: HTTP}]\n  endpoints:\n");
        for (int j = 0; j < endpoints; j++) {
            int x = number * endpoints + j;
            String address = j == 0 && edit > 0
                    ? "10.%d.%d.%d".formatted(number & 255, edit >> 8 & 255, edit & 255)
                    : "172.%d.%d.%d".formatted(16 + (x >> 16), x >> 8 & 255, x & 255);
            yaml.append(
                    "  - {address: %s, labels: {app: svc-%d, version: v%d}}%n".formatted(address, number, 1 + j % 2));
        }
        write("se", number, yaml.toString());
    }

    /** The service goes; its rules stay. */
    void forget(int number) throws IOException {
        Files.delete(folder.resolve("se-" + number + ".yaml"));
    }

    void rule(int number, int seconds) throws IOException {
        write("dr", number, head("DestinationRule", number) + """
              host: %s
              trafficPolicy: {connectionPool: {tcp: {connectTimeout: %ds}}}
              subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
            """.formatted(host(number), seconds));
    }

    void route(int number, int weight) throws IOException {
        write("vs", number, head("VirtualService", number) + """
              hosts: [%1$s]
              http:
              - route:
                - {destination: {host: %1$s, subset: v1}, weight: %2$d}
                - {destination: {host: %1$s, subset: v2}, weight: %3$d}
            """.formatted(host(number), weight, 100 - weight));
    }

    private static String head(String kind, int number) {
        return "apiVersion: networking.istio.io/v1\nkind: %s\nmetadata: {name: svc-%d, namespace: ns-%d}\nspec:\n"
                .formatted(kind, number, number % NAMESPACES);
    }

    private void write(String prefix, int number, String yaml) throws IOException {
        Path hidden = folder.resolve("." + prefix + "-" + number + ".tmp");
        Files.writeString(hidden, yaml);
        Files.move(
                hidden,
                folder.resolve(prefix + "-" + number + ".yaml"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
