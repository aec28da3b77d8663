package io.flotilla.mixer;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.flotilla.config.model.Config;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.AddressPlan;
import io.flotilla.config.platform.LocalPlatform;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.SnapshotBuilder;
import io.flotilla.envoy.EnvoyJson;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Translator;
import io.flotilla.fixtures.envoy.EnvoyRun;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.IdentityMaterial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A real Envoy as sidecar of {@code server-v1-0}, or as ingress gateway, in a mesh from YAML: the filters of its inbound
 * ports as Pilot would send them, on ports of loopback, with an answer of its own behind them.
 */
final class AuditedEnvoy {
    private static final String RECORDER = "outbound|9091||mixer.test";
    private static final Node SIDECAR =
            node("sidecar~10.44.0.9~server-v1-0.default", "server-v1", Map.of("app", "server", "version", "v1"));
    private static final Node GATEWAY = node(
            "router~10.44.0.2~istio-ingressgateway-0.istio-system",
            "istio-ingressgateway",
            Map.of("istio", "ingressgateway"));

    private final EnvoyResources resources;
    private final Bootstrap.Builder bootstrap;

    /** @param mixer port of Mixer */
    AuditedEnvoy(String yaml, int mixer) {
        this(yaml, mixer, SIDECAR);
    }

    private AuditedEnvoy(String yaml, int mixer, Node node) {
        bootstrap = Bootstrap.newBuilder().setNode(node);
        MeshSnapshot mesh = mesh(yaml);
        Proxy proxy = ((Proxy.Parsed.Accepted) Proxy.parse(node)).proxy();
        resources = Translator.translate(mesh, ProxyView.of(proxy, mesh));
        Cluster collector = resources.clusters().stream()
                .filter(cluster -> cluster.getName().equals(RECORDER))
                .findFirst()
                .orElseThrow();
        bootstrap
                .getStaticResourcesBuilder()
                .addClusters(collector.toBuilder()
                        .setType(Cluster.DiscoveryType.STATIC)
                        .setLoadAssignment(at(RECORDER, mixer)));
    }

    /** The pod of an ingress gateway, with the filters of one of its ports. */
    static AuditedEnvoy gateway(String yaml, int mixer, int port) throws InvalidProtocolBufferException {
        AuditedEnvoy envoy = new AuditedEnvoy(yaml, mixer, GATEWAY);
        Listener listener = envoy.resources.listeners().stream()
                .filter(each -> each.getAddress().getSocketAddress().getPortValue() == port)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the gateway does not listen on " + port));
        FilterChain chain =
                listener.getFilterChainsCount() > 0 ? listener.getFilterChains(0) : listener.getDefaultFilterChain();
        envoy.bootstrap
                .getStaticResourcesBuilder()
                .addListeners(Listener.newBuilder()
                        .setName(listener.getName())
                        .setAddress(loopback(port))
                        .addFilterChains(answering(chain)));
        return envoy;
    }

    /** The mesh of that text. */
    static MeshSnapshot mesh(String yaml) {
        List<Config<?>> objects = new ArrayList<>();
        new ObjectReader(ReadOptions.DEFAULT)
                .read("test.yaml", yaml)
                .objects()
                .forEach(read -> objects.add(read.config()));
        List<Config<?>> expanded = new LocalPlatform(AddressPlan.DEFAULT).expand(objects, LocalPlatform::withSidecar);
        return SnapshotBuilder.build(
                MeshSettings.defaults(),
                MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                        .apply(expanded, List.of())
                        .objects()
                        .published());
    }

    private static Node node(String id, String workload, Map<String, String> labels) {
        Struct.Builder all = Struct.newBuilder();
        labels.forEach((name, value) -> all.putFields(name, text(value)));
        return Node.newBuilder()
                .setId(id + "~default.svc.cluster.local")
                .setCluster(workload)
                .setMetadata(Struct.newBuilder()
                        .putFields("SERVICE_ACCOUNT", text("server"))
                        .putFields("WORKLOAD_NAME", text(workload))
                        .putFields(
                                "LABELS", Value.newBuilder().setStructValue(all).build()))
                .build();
    }

    /** A chain of an inbound port on a port of its own; "mtls-http" with this identity. */
    AuditedEnvoy serve(String chain, int port, IdentityMaterial identity) throws InvalidProtocolBufferException {
        FilterChain found = resources.listeners().stream()
                .filter(listener -> listener.getName().equals("virtualInbound"))
                .flatMap(listener -> listener.getFilterChainsList().stream())
                .filter(each -> each.getName().equals(chain))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no chain " + chain));
        FilterChain.Builder built = answering(found);
        if (found.hasTransportSocket()) {
            built.setTransportSocket(tls(identity));
        }
        bootstrap
                .getStaticResourcesBuilder()
                .addListeners(Listener.newBuilder()
                        .setName(chain)
                        .setAddress(loopback(port))
                        .addFilterChains(built));
        return this;
    }

    /** A cluster of the application, at a port of loopback. */
    AuditedEnvoy application(String cluster, int port) {
        bootstrap
                .getStaticResourcesBuilder()
                .addClusters(Cluster.newBuilder()
                        .setName(cluster)
                        .setConnectTimeout(Durations.fromSeconds(1))
                        .setLoadAssignment(at(cluster, port)));
        return this;
    }

    EnvoyRun start(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = Files.writeString(folder.resolve("translated.json"), EnvoyJson.of(bootstrap.build()));
        return RealEnvoy.start(file, Map.of(), folder);
    }

    private static FilterChain.Builder answering(FilterChain chain) throws InvalidProtocolBufferException {
        FilterChain.Builder built =
                chain.toBuilder().clearFilters().setFilterChainMatch(FilterChainMatch.getDefaultInstance());
        for (Filter filter : chain.getFiltersList()) {
            if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
                built.addFilters(filter.toBuilder()
                        .setTypedConfig(answering(filter.getTypedConfig().unpack(HttpConnectionManager.class))));
            } else if (!filter.hasConfigDiscovery()) {
                built.addFilters(filter);
            }
        }
        return built;
    }

    private static Any answering(HttpConnectionManager manager) {
        HttpConnectionManager.Builder built = manager.toBuilder().clearHttpFilters();
        manager.getHttpFiltersList().stream()
                .filter(filter -> !filter.hasConfigDiscovery())
                .forEach(built::addHttpFilters);
        return Any.pack(built.setRouteConfig(RouteConfiguration.newBuilder()
                        .setName("here")
                        .addVirtualHosts(VirtualHost.newBuilder()
                                .setName("here")
                                .addDomains("*")
                                .addRoutes(Route.newBuilder()
                                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                                        .setDirectResponse(DirectResponseAction.newBuilder()
                                                .setStatus(200)))))
                .build());
    }

    private static TransportSocket tls(IdentityMaterial identity) {
        String key = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(identity.key().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Any.pack(DownstreamTlsContext.newBuilder()
                        .setRequireClientCertificate(
                                com.google.protobuf.BoolValue.newBuilder().setValue(true))
                        .setCommonTlsContext(CommonTlsContext.newBuilder()
                                .addTlsCertificates(TlsCertificate.newBuilder()
                                        .setCertificateChain(data(Certificates.pem(identity.chain())))
                                        .setPrivateKey(data(key)))
                                .setValidationContext(CertificateValidationContext.newBuilder()
                                        .setTrustedCa(data(Certificates.pem(identity.roots())))))
                        .build()))
                .build();
    }

    private static DataSource data(String text) {
        return DataSource.newBuilder()
                .setInlineBytes(ByteString.copyFromUtf8(text))
                .build();
    }

    private static ClusterLoadAssignment at(String cluster, int port) {
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(cluster)
                .addEndpoints(LocalityLbEndpoints.newBuilder()
                        .addLbEndpoints(LbEndpoint.newBuilder()
                                .setEndpoint(Endpoint.newBuilder().setAddress(loopback(port)))))
                .build();
    }

    private static Address loopback(int port) {
        return Address.newBuilder()
                .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
