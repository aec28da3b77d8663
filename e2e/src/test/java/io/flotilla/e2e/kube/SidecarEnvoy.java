package io.flotilla.e2e.kube;

import io.flotilla.fixtures.base.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A real Envoy as the sidecar of a pod: clusters by one Pilot, secrets by one Citadel to which it proves itself by a
 * token. What comes to its only port goes to one of these clusters.
 */
public final class SidecarEnvoy implements AutoCloseable {
    private final int port = FreePort.next();
    private final EnvoyDaemon envoy;

    /**
     * Starts it.
     *
     * @param pod     "NAME.NAMESPACE", of the service account and with the label "app" that are the name's begin
     * @param token   of its service account
     * @param root    file with Citadel's root
     * @param cluster where requests go
     */
    public SidecarEnvoy(Path folder, String pod, String token, Path root, int pilot, int citadel, String cluster)
            throws IOException {
        String name = pod.substring(0, pod.indexOf('.'));
        String namespace = pod.substring(pod.indexOf('.') + 1);
        Files.writeString(folder.resolve("token"), token);
        Files.writeString(folder.resolve("token.yaml"), """
                resources:
                - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
                  name: token
                  generic_secret: {secret: {filename: "%s/token"}}
                """.formatted(folder));
        String bootstrap = """
                node:
                  id: "sidecar~127.0.0.1~%1$s-0.%2$s~%2$s.svc.cluster.local"
                  cluster: %1$s.%2$s
                  metadata: {LABELS: {app: %1$s}, NAMESPACE: %2$s, SERVICE_ACCOUNT: %1$s}
                dynamic_resources:
                  ads_config:
                    api_type: DELTA_GRPC
                    transport_api_version: V3
                    set_node_on_first_message_only: true
                    grpc_services: [{envoy_grpc: {cluster_name: xds, retry_policy: {retry_back_off: {base_interval: 0.1s, max_interval: 0.5s}}}}]
                  cds_config: {ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3}
                static_resources:
                  listeners:
                  - name: application
                    address: {socket_address: {address: 127.0.0.1, port_value: %3$d}}
                    filter_chains:
                    - filters:
                      - name: http
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: application
                          route_config: {validate_clusters: false, virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: "%4$s"}}]}]}
                          http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
                  clusters:
                  - name: xds
                    type: STATIC
                    connect_timeout: 1s
                    load_assignment: {cluster_name: xds, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %5$d}}}}]}]}
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: {http2_protocol_options: {}}
                  - name: citadel
                    type: STATIC
                    connect_timeout: 5s
                    load_assignment: {cluster_name: citadel, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %6$d}}}}]}]}
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: {http2_protocol_options: {}}
                        http_filters:
                        - name: credential
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector
                            overwrite: true
                            credential:
                              name: generic
                              typed_config:
                                "@type": type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic
                                header_value_prefix: "Bearer "
                                credential: {name: token, sds_config: {resource_api_version: V3, path_config_source: {path: "%7$s/token.yaml"}}}
                        - name: codec
                          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec}
                    transport_socket:
                      name: tls
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                        sni: istio-citadel.istio-system.svc
                        common_tls_context:
                          validation_context:
                            trusted_ca: {filename: "%8$s"}
                            match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: istio-citadel.istio-system.svc}}]
                """.formatted(name, namespace, port, cluster, pilot, citadel, folder, root);
        this.envoy = new EnvoyDaemon(folder.resolve("sidecar.yaml"), bootstrap, name + "-0", namespace);
    }

    /** "STATUS BODY" of a request through it; empty where nobody answers. */
    public String ask() {
        return envoy.get(port, "/")
                .map(response -> response.statusCode() + " " + response.body())
                .orElse("");
    }

    public String output() {
        return envoy.output();
    }

    @Override
    public void close() {
        envoy.close();
    }
}
