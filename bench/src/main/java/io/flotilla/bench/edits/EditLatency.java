package io.flotilla.bench.edits;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * In a running local mesh with bookinfo: the time from the rename of an edited VirtualService into Galley's folder to
 * the first request that is routed by it, at the Envoy of every pod. Run it in the checkout. Arguments: name of the
 * mesh (default), edits (200).
 */
public final class EditLatency {
    private static final String HOST = "ratings.default.svc.cluster.local";
    private static final int WARM_UP = 20;

    private final String mesh;
    private final Path file;
    private final Map<String, Watch> watches = new TreeMap<>();

    /** An {@link EditWatcher} in a pod. */
    private record Watch(Process process, OutputStream in, BufferedReader out) {
        void announce(int edit) throws IOException {
            in.write((edit + "\n").getBytes(StandardCharsets.US_ASCII));
            in.flush();
        }

        long seen(int edit) throws IOException {
            String line = out.readLine();
            if (line == null || !line.startsWith(edit + " ")) {
                throw new IOException("a watcher said " + line + " of edit " + edit);
            }
            return Long.parseLong(line.substring(line.indexOf(' ') + 1));
        }
    }

    private EditLatency(String mesh, Path stateDir) {
        this.mesh = mesh;
        this.file = stateDir.resolve("config/default/virtualservice.networking.istio.io.edit-latency.yaml");
    }

    public static void main(String[] args) throws IOException, URISyntaxException {
        String mesh = args.length > 0 ? args[0] : "default";
        int edits = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        Map<?, ?> status = status(mesh);
        EditLatency bench = new EditLatency(mesh, Path.of(String.valueOf(status.get("stateDir"))));
        try {
            bench.watch((List<?>) Objects.requireNonNull(status.get("pods"), "no pods"));
            bench.run(edits);
        } finally {
            bench.stop();
        }
    }

    private static Map<?, ?> status(String mesh) throws IOException {
        Process status = flotilla("status", "-o", "json", "--name", mesh).start();
        String json = new String(status.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(json);
    }

    private static ProcessBuilder flotilla(String... arguments) {
        List<String> line = new ArrayList<>(List.of("./flotilla"));
        line.addAll(List.of(arguments));
        return new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private void watch(List<?> pods) throws IOException, URISyntaxException {
        Path classes = classesForAnyUser();
        for (Object each : pods) {
            Map<?, ?> pod = (Map<?, ?>) each;
            String name = String.valueOf(pod.get("name"));
            boolean gateway = name.contains("gateway");
            if (!gateway && !Boolean.TRUE.equals(pod.get("sidecar"))) {
                continue;
            }
            Process process = flotilla(
                            "exec",
                            "--name",
                            mesh,
                            pod.get("namespace") + "/" + name,
                            "--",
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx16m",
                            "-cp",
                            classes.toString(),
                            EditWatcher.class.getName(),
                            gateway ? String.valueOf(pod.get("ip")) : "ratings",
                            gateway ? "8080" : "9080",
                            HOST)
                    .start();
            watches.put(
                    name,
                    new Watch(
                            process,
                            process.getOutputStream(),
                            new BufferedReader(
                                    new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))));
        }
    }

    // An application in a pod may not read the checkout.
    private static Path classesForAnyUser() throws IOException, URISyntaxException {
        Path source = Path.of(EditWatcher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        String name = EditWatcher.class.getName().replace('.', '/') + ".class";
        Path target = Files.createTempDirectory("watcher");
        Path copy = target.resolve(name);
        Files.createDirectories(copy.getParent());
        Files.copy(source.resolve(name), copy);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        return target;
    }

    private void run(int edits) throws IOException {
        double[][] millis = new double[watches.size()][edits];
        for (int edit = 1; edit <= WARM_UP + edits; edit++) {
            Path part = Files.writeString(file.resolveSibling(".edit-latency.part"), manifest(edit));
            for (Watch watch : watches.values()) {
                watch.announce(edit);
            }
            long renamed = System.nanoTime();
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            int proxy = 0;
            for (Watch watch : watches.values()) {
                long seen = watch.seen(edit);
                if (edit > WARM_UP) {
                    millis[proxy][edit - WARM_UP - 1] = (seen - renamed) / 1e6;
                }
                proxy++;
            }
        }
        print(millis);
    }

    private void print(double[][] millis) {
        System.out.println("Envoy of\tp50 ms\tp99 ms\tmax ms");
        int proxy = 0;
        for (String name : watches.keySet()) {
            System.out.println(row(name, millis[proxy++]));
        }
        System.out.println(
                row("all", Arrays.stream(millis).flatMapToDouble(Arrays::stream).toArray()));
    }

    private static String row(String name, double[] millis) {
        double[] sorted = Arrays.stream(millis).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "%s\t%.1f\t%.1f\t%.1f",
                name,
                sorted[sorted.length / 2],
                sorted[(int) Math.ceil(sorted.length * 0.99) - 1],
                sorted[sorted.length - 1]);
    }

    private static String manifest(int edit) {
        return """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edit-latency, namespace: default}
            spec:
              selector: {istio: egressgateway}
              servers:
              - {port: {number: 80, name: http, protocol: HTTP}, hosts: [%1$s]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: edit-latency, namespace: default}
            spec:
              hosts: [%1$s]
              gateways: [mesh, bookinfo-gateway, edit-latency]
              http:
              - redirect: {uri: /edit/%2$d}
            """.formatted(HOST, edit);
    }

    private void stop() throws IOException {
        for (Watch watch : watches.values()) {
            watch.in().close();
            watch.process().destroy();
        }
        Files.deleteIfExists(file);
    }
}
