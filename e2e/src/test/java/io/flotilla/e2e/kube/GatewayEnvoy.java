package io.flotilla.e2e.kube;

import java.io.IOException;
import java.nio.file.Path;

/** A real Envoy as ingress gateway (labels istio: ingressgateway), which takes everything from one Pilot. */
public final class GatewayEnvoy implements AutoCloseable {
    private final EnvoyDaemon envoy;

    public GatewayEnvoy(Path folder, int pilot) throws IOException {
        String bootstrap = """
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
                """.formatted(cluster("xds", pilot), cluster("citadel", 1), cluster("sds-gateway", 1));
        this.envoy = new EnvoyDaemon(folder.resolve("envoy.json"), bootstrap, "gateway-0", "istio-system");
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
        return envoy.get(port, path)
                .map(response -> response.statusCode() + " "
                        + response.headers().firstValue("location").orElse(""))
                .orElse("");
    }

    public String output() {
        return envoy.output();
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
        envoy.close();
    }
}
