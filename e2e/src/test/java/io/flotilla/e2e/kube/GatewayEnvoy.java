package io.flotilla.e2e.kube;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real Envoy as ingress gateway (labels istio: ingressgateway), which takes everything from one Pilot. */
public final class GatewayEnvoy implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Daemon process;

    public GatewayEnvoy(Path folder, int pilot) throws IOException {
        Path bootstrap = folder.resolve("envoy.json");
        Files.writeString(
                bootstrap, """
                {"node": {"id": "router~127.0.0.1~gateway-0.istio-system~istio-system.svc.cluster.local",
                   "cluster": "istio-ingressgateway",
                   "metadata": {"LABELS": {"istio": "ingressgateway"}, "NAMESPACE": "istio-system"}},
                 "dynamic_resources": {
                   "ads_config": {"api_type": "DELTA_GRPC", "transport_api_version": "V3",
                     "set_node_on_first_message_only": true,
                     "grpc_services": [{"envoy_grpc": {"cluster_name": "xds", "retry_policy":
                       {"retry_back_off": {"base_interval": "0.1s", "max_interval": "0.5s"}}}}]},
                   "cds_config": {"ads": {}, "initial_fetch_timeout": "0s", "resource_api_version": "V3"},
                   "lds_config": {"ads": {}, "initial_fetch_timeout": "0s", "resource_api_version": "V3"}},
                 "static_resources": {"clusters": [%s, %s, %s]}}
                """.formatted(cluster("xds", pilot), cluster("citadel", 1), cluster("sds-gateway", 1)));
        String binary = Optional.ofNullable(System.getenv("FLOTILLA_ENVOY")).orElse("envoy");
        this.process = new Daemon(
                List.of(
                        binary,
                        "-c",
                        bootstrap.toString(),
                        "--use-dynamic-base-id",
                        "--concurrency",
                        "1",
                        "-l",
                        "warn"),
                Map.of("POD_NAME", "gateway-0", "POD_NAMESPACE", "istio-system"),
                folder.resolve("envoy.log"));
        process.start();
    }

    private static String cluster(String name, int port) {
        return """
                {"name": "%s", "type": "STATIC", "connect_timeout": "1s",
                 "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                   "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                   "explicit_http_config": {"http2_protocol_options": {}}}},
                 "load_assignment": {"cluster_name": "%s", "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {
                   "socket_address": {"address": "127.0.0.1", "port_value": %d}}}}]}]}}
                """.formatted(name, name, port);
    }

    /** "STATUS LOCATION" of a request through this gateway; empty where nobody answers. */
    public String ask(int port, String path) {
        try {
            HttpResponse<Void> response = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            return response.statusCode() + " "
                    + response.headers().firstValue("location").orElse("");
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    public String output() {
        return process.output();
    }

    /** What such an Envoy serves: every request is redirected to another host. */
    public static String redirecting(int port) {
        return """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: default}
            spec:
              selector: {istio: ingressgateway}
              servers: [{port: {number: %d, name: http, protocol: HTTP}, bind: 127.0.0.1, hosts: ["*"]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: moved, namespace: default}
            spec: {hosts: ["*"], gateways: [edge], http: [{redirect: {authority: elsewhere.example.com}}]}
            """.formatted(port);
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
