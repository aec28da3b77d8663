package io.flotilla.envoy.workbench;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.cluster.DnsClusters;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A bootstrap of the mesh, changed as little as it takes to run on one machine without capture and Citadel. */
final class Adaptation {
    private static final List<Class<? extends Message>> OPENED = List.of(
            HttpConnectionManager.class,
            HttpProtocolOptions.class,
            TcpProxy.class,
            UpstreamTlsContext.class,
            DownstreamTlsContext.class,
            ProxyProtocolUpstreamTransport.class);

    private final Apps apps;
    private final Keys keys;
    private final Path log;
    private final List<TypedExtensionConfig> extensions;
    private final String identity;
    private final Set<String> secrets = new TreeSet<>();

    /** @param identity SPIFFE identity of the proxy's workload */
    Adaptation(Apps apps, Keys keys, Path log, List<TypedExtensionConfig> extensions, String identity) {
        this.extensions = extensions;
        this.identity = identity;
        this.apps = apps;
        this.keys = keys;
        this.log = log;
    }

    Bootstrap adapt(Bootstrap bootstrap) {
        Bootstrap.Builder adapted = ((Bootstrap) deep(bootstrap)).toBuilder();
        adapted.getAdminBuilder().setAddress(Wire.address("127.0.0.1", 0));
        // As a real bootstrap has it: so that a test can set runtime values.
        adapted.getLayeredRuntimeBuilder()
                .addLayers(RuntimeLayer.newBuilder()
                        .setName("admin")
                        .setAdminLayer(RuntimeLayer.AdminLayer.getDefaultInstance()));
        secrets.forEach(name -> adapted.getStaticResourcesBuilder().addSecrets(secret(name)));
        return adapted.build();
    }

    private Message deep(Message message) {
        Message.Builder builder = message.toBuilder();
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || field.isMapField()) {
                return;
            }
            if (field.isRepeated()) {
                builder.clearField(field);
                ((List<?>) value).forEach(each -> builder.addRepeatedField(field, deep((Message) each)));
            } else {
                builder.setField(field, deep((Message) value));
            }
        });
        return changed(builder.build());
    }

    private Message changed(Message message) {
        return switch (message) {
            case Any any -> opened(any);
            case Listener listener -> listener(listener);
            case Cluster cluster -> cluster(cluster);
            case Endpoint endpoint -> endpoint(endpoint);
            case HttpFilter filter
            when filter.hasConfigDiscovery() ->
                filter.toBuilder()
                        .setTypedConfig(discovered(filter.getName(), filter.getConfigDiscovery()))
                        .build();
            case Filter filter
            when filter.hasConfigDiscovery() ->
                filter.toBuilder()
                        .setTypedConfig(discovered(filter.getName(), filter.getConfigDiscovery()))
                        .build();
            case HttpConnectionManager manager ->
                manager.toBuilder().addAccessLog(AccessLogFile.of(log)).build();
            case TcpProxy proxy ->
                proxy.toBuilder().addAccessLog(AccessLogFile.of(log)).build();
            // The JDK's TLS refuses a server name with an underscore, as mesh TLS has.
            case UpstreamTlsContext tls
            when tls.getSni().startsWith("outbound_.") ->
                tls.toBuilder().clearSni().build();
            case SdsSecretConfig secret -> {
                secrets.add(secret.getName());
                yield secret.toBuilder().clearSdsConfig().build();
            }
            default -> message;
        };
    }

    // There is no stream for configurations of filters, so what would come by it stands there at once.
    private Any discovered(String name, ExtensionConfigSource source) {
        return extensions.stream()
                .filter(config -> config.getName().equals(name))
                .map(TypedExtensionConfig::getTypedConfig)
                .findFirst()
                .orElse(source.getDefaultConfig());
    }

    private Any opened(Any any) {
        for (Class<? extends Message> type : OPENED) {
            if (any.is(type)) {
                try {
                    return Any.pack(deep(any.unpack(type)));
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return any;
    }

    // PROXY protocol tells what the kernel would: the destination before capture.
    @SuppressWarnings("deprecation") // The listener filter that Envoy adds by itself must come before.
    private static Listener listener(Listener listener) {
        if (listener.hasBindToPort() && !listener.getBindToPort().getValue()) {
            return listener;
        }
        Listener.Builder adapted =
                listener.toBuilder().setAddress(Wire.address("127.0.0.1", 0)).clearAdditionalAddresses();
        if (listener.getUseOriginalDst().getValue()) {
            adapted.getFilterChainsBuilder(0).setUseProxyProto(BoolValue.of(true));
        }
        for (int i = 0; i < adapted.getListenerFiltersCount(); i++) {
            if (adapted.getListenerFilters(i).getName().equals("envoy.filters.listener.original_dst")) {
                adapted.setListenerFilters(
                        i,
                        ListenerFilter.newBuilder()
                                .setName("envoy.filters.listener.proxy_protocol")
                                .setTypedConfig(Wire.any(ProxyProtocol.getDefaultInstance())));
            }
        }
        return adapted.build();
    }

    // Envoy asks for a name that every machine knows, and has the port by which applications are told apart.
    private static Cluster named(Cluster cluster) {
        Cluster.Builder named = cluster.toBuilder();
        named.getLoadAssignmentBuilder()
                .getEndpointsBuilderList()
                .forEach(group -> group.getLbEndpointsBuilderList()
                        .forEach(member -> member.getEndpointBuilder()
                                .getAddressBuilder()
                                .getSocketAddressBuilder()
                                .setAddress("localhost")));
        return named.build();
    }

    private Cluster cluster(Cluster given) {
        Cluster.Builder options = given.toBuilder();
        given.getTypedExtensionProtocolOptionsMap()
                .forEach((name, any) -> options.putTypedExtensionProtocolOptions(name, opened(any)));
        Cluster cluster = options.build();
        return switch (DnsClusters.older(cluster).getType()) {
            case STRICT_DNS, LOGICAL_DNS ->
                cluster.getName().startsWith("outbound|")
                        ? named(cluster)
                        : cluster.toBuilder()
                                .setType(Cluster.DiscoveryType.STATIC)
                                .build();
            case ORIGINAL_DST -> {
                String[] name = cluster.getName().split("\\|", -1);
                yield name[0].equals("inbound") ? application(cluster, Integer.parseInt(name[1])) : cluster;
            }
            default -> cluster;
        };
    }

    private Cluster application(Cluster cluster, int port) {
        return cluster.toBuilder()
                .setType(Cluster.DiscoveryType.STATIC)
                .setLbPolicy(Cluster.LbPolicy.ROUND_ROBIN)
                .setLoadAssignment(ClusterLoadAssignment.newBuilder()
                        .setClusterName(cluster.getName())
                        .addEndpoints(LocalityLbEndpoints.newBuilder()
                                .addLbEndpoints(LbEndpoint.newBuilder()
                                        .setEndpoint(Endpoint.newBuilder().setAddress(local("127.0.0.1", port))))))
                .build();
    }

    private Endpoint endpoint(Endpoint endpoint) {
        SocketAddress address = endpoint.getAddress().getSocketAddress();
        boolean already = address.getAddress().equals("127.0.0.1");
        if (already) {
            return endpoint;
        }
        Endpoint.Builder adapted = endpoint.toBuilder().setAddress(local(address.getAddress(), address.getPortValue()));
        adapted.getAdditionalAddressesBuilderList().forEach(other -> {
            SocketAddress more = other.getAddress().getSocketAddress();
            other.setAddress(local(more.getAddress(), more.getPortValue()));
        });
        return adapted.build();
    }

    private Address local(String address, int port) {
        return Wire.address("127.0.0.1", apps.at(address, port).port());
    }

    private Secret secret(String name) {
        Secret.Builder secret = Secret.newBuilder().setName(name);
        if (name.equals("ROOTCA-FEDERATED")) {
            return secret.setValidationContext(federated()).build();
        }
        if (name.equals("ROOTCA") || name.endsWith("-cacert")) {
            CertificateValidationContext.Builder roots =
                    CertificateValidationContext.newBuilder().setTrustedCa(inline(keys.rootPem()));
            if (name.equals("ROOTCA") && !keys.lists().isEmpty()) {
                roots.setCrl(inline(keys.lists())).setOnlyVerifyLeafCertCrl(true);
            }
            return secret.setValidationContext(roots).build();
        }
        Keys.Pair own = keys.issue(List.of(identity), List.of("*.example.com"));
        return secret.setTlsCertificate(TlsCertificate.newBuilder()
                        .setCertificateChain(inline(own.certificatePem()))
                        .setPrivateKey(inline(own.keyPem())))
                .build();
    }

    /** As Citadel serves it. */
    private CertificateValidationContext federated() {
        SPIFFECertValidatorConfig.Builder roots = SPIFFECertValidatorConfig.newBuilder();
        Stream.of("cluster.local", "old.example", identity.split("/", -1)[2])
                .distinct()
                .filter(own -> !keys.others().containsKey(own))
                .forEach(own -> roots.addTrustDomains(bundle(own, keys.rootPem() + keys.lists())));
        keys.others().forEach((domain, pem) -> roots.addTrustDomains(bundle(domain, pem)));
        return CertificateValidationContext.newBuilder()
                .setCustomValidatorConfig(TypedExtensionConfig.newBuilder()
                        .setName("envoy.tls.cert_validator.spiffe")
                        .setTypedConfig(Wire.any(roots.build())))
                .build();
    }

    private static SPIFFECertValidatorConfig.TrustDomain bundle(String domain, String pem) {
        return SPIFFECertValidatorConfig.TrustDomain.newBuilder()
                .setName(domain)
                .setTrustBundle(inline(pem))
                .build();
    }

    private static DataSource inline(String text) {
        return DataSource.newBuilder().setInlineString(text).build();
    }
}
