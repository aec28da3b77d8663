package io.flotilla.pilot.world;

import io.flotilla.fixtures.envoy.EnvoyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A real Envoy that gets everything from Pilot. */
public final class RealEnvoy {
    private RealEnvoy() {}

    /**
     * Who an Envoy says it is.
     *
     * @param mode   INTERCEPTION_MODE
     * @param labels of its pod; one of them may tell its network
     */
    public record Identity(String id, String account, String mode, Map<String, String> labels) {}

    /** The ports of its control plane. */
    public record ControlPlane(int pilot, int citadel, boolean delta) {}

    /** Starts it, with a drain of one second; skips the test where there is no binary. */
    public static EnvoyRun start(Identity identity, ControlPlane plane, Path directory) throws IOException {
        return start(identity, plane, Duration.ofSeconds(1), directory);
    }

    /** The same with another drain, in whole seconds. */
    public static EnvoyRun start(Identity identity, ControlPlane plane, Duration drain, Path directory)
            throws IOException {
        Path bootstrap = Files.writeString(directory.resolve("bootstrap.json"), bootstrap(identity, plane));
        String[] name = identity.id().split("~", -1)[2].split("\\.", 2);
        return EnvoyRun.start(
                List.of(
                        "-c",
                        bootstrap.toString(),
                        "--disable-hot-restart",
                        "--drain-time-s",
                        Long.toString(drain.toSeconds()),
                        "--concurrency",
                        "1",
                        "-l",
                        "info"),
                Map.of("POD_NAME", name[0], "POD_NAMESPACE", name[1]),
                directory.resolve("envoy.log"));
    }

    private static String bootstrap(Identity identity, ControlPlane plane) {
        String labels = identity.labels().entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        return """
            {"node":{"id":"%s","cluster":"test","metadata":{"LABELS":%s,"SERVICE_ACCOUNT":"%s","INTERCEPTION_MODE":"%s","NETWORK":"%s"}},
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
                        identity.labels().getOrDefault("topology.istio.io/network", ""),
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
}
