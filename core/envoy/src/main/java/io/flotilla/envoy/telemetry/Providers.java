package io.flotilla.envoy.telemetry;

import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.Tracing;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Names;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Services that take logs and traces. */
public final class Providers {
    // No names that a MeshConfig can give: they have no spaces.
    private static final String DEFAULT = "defaultConfig ";
    private static final String LINKED = DEFAULT + "by tlsSettings ";
    private static final String DATADOG = "datadog";
    private static final String LIGHTSTEP = "lightstep";

    /** The header by which a collector of Lightstep knows whose spans they are. */
    private static final String LIGHTSTEP_TOKEN = "lightstep-access-token";

    private Providers() {}

    /**
     * Where a provider is.
     *
     * @param own name of a cluster that only it has, since ProxyConfig's tlsSettings say how to connect; else empty
     */
    public record Address(String host, int port, Protocol protocol, String own) {
        Address(String host, int port, Protocol protocol) {
            this(host, port, protocol, "");
        }

        private static Optional<Address> of(String service, int port, Protocol protocol) {
            // "NAMESPACE/HOST" names the service of one namespace.
            String host = service.substring(service.indexOf('/') + 1);
            return host.isEmpty() || port == 0 ? Optional.empty() : Optional.of(new Address(host, port, protocol));
        }

        private Address of(ExtensionProvider provider) {
            return provider.getName().startsWith(LINKED)
                    ? new Address(host, port, protocol, provider.getName().substring(LINKED.length()))
                    : this;
        }

        /** The cluster that leads there. */
        public String cluster() {
            return own.isEmpty() ? Names.outbound(port, "", host) : own;
        }
    }

    /** MeshConfig's extensionProviders as Envoy knows them, and what its ProxyConfig names instead of one. */
    public static List<ExtensionProvider> of(MeshConfig mesh) {
        return Stream.concat(mesh.getExtensionProvidersList().stream().map(Providers::current), named(mesh).stream())
                .toList();
    }

    /** The collector of defaultConfig.tracing; empty where that names none that is the same for all nodes. */
    static Optional<ExtensionProvider> named(MeshConfig mesh) {
        Tracing tracing = mesh.getDefaultConfig().getTracing();
        return switch (tracing.getTracerCase()) {
            case DATADOG -> named(name(tracing, DATADOG), tracing.getDatadog().getAddress(), Providers::datadog);
            case LIGHTSTEP ->
                named(
                                name(tracing, LIGHTSTEP),
                                tracing.getLightstep().getAddress(),
                                (host, port) -> lightstep(tracing, host, port))
                        .map(Providers::current);
            case ZIPKIN, OPEN_CENSUS_AGENT, STACKDRIVER, TRACER_NOT_SET -> Optional.empty();
        };
    }

    private static String name(Tracing tracing, String tracer) {
        boolean linked = !tracing.getTlsSettings().equals(ClientTLSSettings.getDefaultInstance());
        return (linked ? LINKED : DEFAULT) + tracer;
    }

    private static Optional<ExtensionProvider> named(
            String name, String address, BiFunction<String, Integer, ExtensionProvider.Builder> provider) {
        int colon = address.lastIndexOf(':');
        return colon <= 0 || address.startsWith("$")
                ? Optional.empty()
                : Optional.of(provider.apply(address.substring(0, colon), Integer.valueOf(address.substring(colon + 1)))
                        .setName(name)
                        .build());
    }

    private static ExtensionProvider.Builder datadog(String host, int port) {
        ExtensionProvider.Builder provider = ExtensionProvider.newBuilder();
        provider.getDatadogBuilder().setService(host).setPort(port);
        return provider;
    }

    @SuppressWarnings("deprecation") // what old meshes have
    private static ExtensionProvider.Builder lightstep(Tracing tracing, String host, int port) {
        ExtensionProvider.Builder provider = ExtensionProvider.newBuilder();
        provider.getLightstepBuilder()
                .setService(host)
                .setPort(port)
                .setAccessToken(tracing.getLightstep().getAccessToken());
        return provider;
    }

    /** Envoy has no tracer of Lightstep any more, whose collectors take OpenTelemetry: as Istio does it. */
    @SuppressWarnings("deprecation") // what old meshes have
    private static ExtensionProvider current(ExtensionProvider given) {
        if (!given.hasLightstep()) {
            return given;
        }
        ExtensionProvider.LightstepTracingProvider old = given.getLightstep();
        ExtensionProvider.Builder provider = given.toBuilder();
        provider.getOpentelemetryBuilder()
                .setService(old.getService())
                .setPort(old.getPort())
                .setMaxTagLength(old.getMaxTagLength())
                .getGrpcBuilder()
                .addInitialMetadata(ExtensionProvider.HttpHeader.newBuilder()
                        .setName(LIGHTSTEP_TOKEN)
                        .setValue(old.getAccessToken()));
        return provider.build();
    }

    /** The service of a provider of logs or traces; empty for others. */
    public static Optional<Address> address(ExtensionProvider provider) {
        return service(provider).map(address -> address.of(provider));
    }

    private static Optional<Address> service(ExtensionProvider provider) {
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
