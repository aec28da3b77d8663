package io.flotilla.pilot.accepted;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.MeshFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Meshes that show Istio's API: those of docs/api-coverage.md, those in which features are seen at a real Envoy
 * (docs/traffic-features.md), one of authorization, and bookinfo's.
 *
 * @param keys    a folder of keys and certificates, for "/etc"
 * @param sockets a folder that each Envoy has for itself
 */
record Meshes(Path keys, Path sockets) {
    private static final Path ROOT = Path.of(System.getProperty("flotilla.root"));
    private static final Path RESOURCES = ROOT.resolve("core/envoy/src/test/resources");
    private static final Path BOOKINFO = ROOT.resolve("samples/bookinfo");
    private static final String BASE = "base.yaml";
    private static final String SERVICES = "services.yaml";
    // What a test of behaviour puts there when it runs: ports of its own servers.
    private static final Pattern PORT = Pattern.compile("\\b[A-Z]+_PORT\\b");
    private static final int FIRST_PORT = 18_080;

    /** By name. */
    Map<String, MeshSnapshot> all() throws IOException {
        Map<String, MeshSnapshot> meshes = new TreeMap<>();
        coverage(meshes);
        behaviour(meshes);
        StringBuilder authz = new StringBuilder();
        for (Path file : yaml(RESOURCES.resolve("authz"))) {
            authz.append(text(file)).append("---\n");
        }
        meshes.put("authz", mesh(Map.of("authz.yaml", authz.toString())));
        bookinfo(meshes);
        return meshes;
    }

    private void coverage(Map<String, MeshSnapshot> meshes) throws IOException {
        Path folder = RESOURCES.resolve("coverage");
        for (Path file : yaml(folder)) {
            String name = file.getFileName().toString();
            if (!name.equals(BASE)) {
                meshes.put("coverage/" + name, mesh(Map.of(BASE, text(folder.resolve(BASE)), name, text(file))));
            }
        }
    }

    private void behaviour(Map<String, MeshSnapshot> meshes) throws IOException {
        Path folder = RESOURCES.resolve("behaviour");
        for (Path file : yaml(folder)) {
            String name = file.getFileName().toString();
            String own = ported(text(file))
                    .replace("ROOTS", keys.resolve("ca.pem").toString())
                    .replace("FOLDER", keys.toString());
            // Rules of services that stand in a file of their own; of two rules with one name the later counts.
            boolean rules = name.equals("policies.yaml") || name.equals("routing.yaml");
            meshes.put(
                    "behaviour/" + name,
                    mesh(Map.of(name, rules ? text(folder.resolve(SERVICES)) + "---\n" + own : own)));
        }
    }

    private static String ported(String text) {
        Map<String, Integer> ports = new TreeMap<>();
        Matcher name = PORT.matcher(text);
        return name.replaceAll(
                found -> Integer.toString(ports.computeIfAbsent(found.group(), key -> FIRST_PORT + ports.size())));
    }

    private void bookinfo(Map<String, MeshSnapshot> meshes) throws IOException {
        String services = text(BOOKINFO.resolve("kube/bookinfo.yaml"));
        String gateway = text(BOOKINFO.resolve("networking/bookinfo-gateway.yaml"));
        String subsets = text(BOOKINFO.resolve("networking/destination-rule-all.yaml"));
        for (Path file : yaml(BOOKINFO.resolve("networking"))) {
            String name = file.getFileName().toString();
            if (name.startsWith("virtual-service")) {
                meshes.put(
                        "bookinfo/" + name,
                        mesh(Map.of("1.yaml", services, "2.yaml", gateway, "3.yaml", subsets, "4.yaml", text(file))));
            }
        }
    }

    private static MeshSnapshot mesh(Map<String, String> files) {
        MeshFolder folder = MeshFolder.read(files);
        assertThat(folder.hasErrors()).as(folder.diagnostics().toString()).isFalse();
        return folder.snapshot();
    }

    private String text(Path file) throws IOException {
        return Files.readString(file).replace("/etc/", keys + "/").replace("/var/run/mesh/", sockets + "/");
    }

    private static List<Path> yaml(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }
}
