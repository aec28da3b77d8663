package io.flotilla.bench.envoy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real Envoy that takes everything from one ADS server on loopback. */
public final class EnvoyProcess implements AutoCloseable {
    private static final int TICKS_PER_SECOND = 100;

    private final Process process;
    private final Path folder;

    public EnvoyProcess(int xdsPort) throws IOException {
        folder = Files.createTempDirectory("bench-envoy");
        Path bootstrap = folder.resolve("bootstrap.json");
        Files.writeString(bootstrap, bootstrap(xdsPort));
        process = new ProcessBuilder(
                        binary(),
                        "-c",
                        bootstrap.toString(),
                        "--use-dynamic-base-id",
                        "--admin-address-path",
                        folder.resolve("admin").toString(),
                        "--concurrency",
                        "2",
                        "-l",
                        "warn")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("envoy.log").toFile())
                .start();
    }

    /** User and system time of all threads so far, in milliseconds. */
    public long cpuMillis() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_PER_SECOND;
    }

    /** Resident memory in kilobytes. */
    public long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    /** What the admin interface answers. */
    public String admin(String path) throws IOException {
        URI uri =
                URI.create("http://" + Files.readString(folder.resolve("admin")).strip() + path);
        try (InputStream in = uri.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        Process ended = process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join();
        if (ended.isAlive()) {
            ended.destroyForcibly();
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    private static String binary() {
        return Optional.ofNullable(System.getenv("FLOTILLA_ENVOY")).orElse("envoy");
    }

    private static String bootstrap(int xdsPort) {
        return """
                {"node": {"id": "bench", "cluster": "bench"},
                 "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
                 "dynamic_resources": {
                   "ads_config": {"api_type": "DELTA_GRPC", "transport_api_version": "V3",
                     "grpc_services": [{"envoy_grpc": {"cluster_name": "xds"}}]},
                   "cds_config": {"ads": {}, "resource_api_version": "V3"},
                   "lds_config": {"ads": {}, "resource_api_version": "V3"}},
                 "static_resources": {"clusters": [{
                   "name": "xds", "type": "STATIC", "connect_timeout": "1s",
                   "typed_extension_protocol_options": {
                     "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                       "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                       "explicit_http_config": {"http2_protocol_options": {}}}},
                   "load_assignment": {"cluster_name": "xds", "endpoints": [{"lb_endpoints": [{"endpoint": {
                     "address": {"socket_address": {"address": "127.0.0.1", "port_value": %d}}}}]}]}}]}}
                """.formatted(xdsPort);
    }
}
