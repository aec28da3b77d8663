package io.flotilla.envoy.telemetry;

import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Names;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Services that take logs and traces. */
public final class Providers {
    // No name that a MeshConfig can give: they have no spaces.
    private static final String DATADOG = "defaultConfig datadog";

    private Providers() {}

    /** Where a provider is. */
    public record Address(String host, int port, Protocol protocol) {
        private static Optional<Address> of(String service, int port, Protocol protocol) {
            // "NAMESPACE/HOST" names the service of one namespace.
            String host = service.substring(service.indexOf('/') + 1);
            return host.isEmpty() || port == 0 ? Optional.empty() : Optional.of(new Address(host, port, protocol));
        }

        /** The cluster that leads there. */
        public String cluster() {
            return Names.outbound(port, "", host);
        }
    }

    /** MeshConfig's extensionProviders, and what its ProxyConfig names instead of one. */
    public static List<ExtensionProvider> of(MeshConfig mesh) {
        return Stream.concat(mesh.getExtensionProvidersList().stream(), datadog(mesh).stream())
                .toList();
    }

    /** The collector of defaultConfig.tracing.datadog; empty where that names none that is the same for all nodes. */
    static Optional<ExtensionProvider> datadog(MeshConfig mesh) {
        String address = mesh.getDefaultConfig().getTracing().getDatadog().getAddress();
        int colon = address.lastIndexOf(':');
        if (colon <= 0 || address.startsWith("$")) {
            return Optional.empty();
        }
        ExtensionProvider.DatadogTracingProvider.Builder provider =
                ExtensionProvider.DatadogTracingProvider.newBuilder()
                        .setService(address.substring(0, colon))
                        .setPort(Integer.parseInt(address.substring(colon + 1)));
        return Optional.of(ExtensionProvider.newBuilder()
                .setName(DATADOG)
                .setDatadog(provider)
                .build());
    }

    /** The service of a provider of logs or traces; empty for others. */
    public static Optional<Address> address(ExtensionProvider provider) {
        return switch (provider.getProviderCase()) {
            case ZIPKIN ->
                Address.of(
                        provider.getZipkin().getService(), provider.getZipkin().getPort(), Protocol.HTTP);
            case OPENTELEMETRY ->
                Address.of(
                        provider.getOpentelemetry().getService(),
                        provider.getOpentelemetry().getPort(),
                        provider.getOpentelemetry().hasHttp() ? Protocol.HTTP : Protocol.GRPC);
            case DATADOG ->
                Address.of(
                        provider.getDatadog().getService(),
                        provider.getDatadog().getPort(),
                        Protocol.HTTP);
            case SKYWALKING ->
                Address.of(
                        provider.getSkywalking().getService(),
                        provider.getSkywalking().getPort(),
                        Protocol.GRPC);
            case ENVOY_HTTP_ALS ->
                Address.of(
                        provider.getEnvoyHttpAls().getService(),
                        provider.getEnvoyHttpAls().getPort(),
                        Protocol.GRPC);
            case ENVOY_TCP_ALS ->
                Address.of(
                        provider.getEnvoyTcpAls().getService(),
                        provider.getEnvoyTcpAls().getPort(),
                        Protocol.GRPC);
            case ENVOY_OTEL_ALS ->
                Address.of(
                        provider.getEnvoyOtelAls().getService(),
                        provider.getEnvoyOtelAls().getPort(),
                        Protocol.GRPC);
            default -> Optional.empty();
        };
    }

    static GrpcService grpc(Address address) {
        return GrpcService.newBuilder()
                .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder()
                        .setClusterName(address.cluster())
                        .setAuthority(address.host()))
                .build();
    }
}
