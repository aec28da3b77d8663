package io.flotilla.envoy.patch;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import java.util.List;
import java.util.stream.Stream;

/** A mesh with EnvoyFilters: the service "web" with HTTP on port 80 and TCP on port 90, and what its own sidecar gets. */
final class PatchedMesh {
    static final String SERVICES = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec:
              selector: {app: web}
              ports:
              - {name: http, port: 80, targetPort: 8080}
              - {name: tcp, port: 90, targetPort: 9090}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web-v1, namespace: default}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web, version: v1}}
                spec: {containers: [{name: app, image: app}]}
            """;

    private PatchedMesh() {}

    static String filter(String name, String spec) {
        return """
                ---
                apiVersion: networking.istio.io/v1alpha3
                kind: EnvoyFilter
                metadata: {name: %s, namespace: default}
                spec:
                """.formatted(name) + spec.indent(2);
    }

    static String patch(String to, String match, String operation, String value) {
        return """
                configPatches:
                - applyTo: %s
                  match: {%s}
                  patch: {operation: %s%s}
                """.formatted(to, match, operation, value.isEmpty() ? "" : ", value: " + value);
    }

    static MeshSnapshot mesh(String... filters) {
        return MeshFiles.of(SERVICES + String.join("", filters));
    }

    static EnvoyResources resources(String... filters) {
        return Translator.translate(mesh(filters), Proxies.sidecar("web", "v1"));
    }

    static Listener listener(EnvoyResources resources, String name) {
        return resources.listeners().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** All chains, that for what no other takes last. */
    static Stream<FilterChain> chains(Listener listener) {
        return Stream.concat(
                listener.getFilterChainsList().stream(),
                listener.hasDefaultFilterChain() ? Stream.of(listener.getDefaultFilterChain()) : Stream.of());
    }

    static HttpConnectionManager manager(Filter filter) {
        return unpacked(filter.getTypedConfig(), HttpConnectionManager.class);
    }

    static <T extends Message> T unpacked(com.google.protobuf.Any any, Class<T> type) {
        try {
            return any.unpack(type);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** The last part of a filter's name. */
    static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    static List<String> httpFilters(FilterChain chain) {
        return manager(chain.getFilters(0)).getHttpFiltersList().stream()
                .map(filter -> last(filter.getName()))
                .toList();
    }
}
