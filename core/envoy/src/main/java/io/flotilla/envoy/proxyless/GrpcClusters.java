package io.flotilla.envoy.proxyless;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateProviderPluginInstance;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.flotilla.envoy.Identity;
import io.flotilla.envoy.ResourceCache;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.bootstrap.SdsConfig;
import io.flotilla.envoy.cluster.DnsClusters;
import java.util.List;
import java.util.Optional;

/**
 * Clusters for gRPC's client. Mutual TLS is spoken where a DestinationRule says ISTIO_MUTUAL, with the certificate of the
 * bootstrap's provider "default": automatic mutual TLS looks at each endpoint, which the library cannot (as in Istio).
 */
public final class GrpcClusters {
    static final String TLS = "envoy.transport_sockets.tls";
    private static final String PROVIDER = "default";

    /**
     * Least request, and round robin in a library that has none (gRFC A48): of a list it takes the first that it knows
     * (gRFC A52), where it would refuse a cluster that names one in the older field.
     */
    private static final LoadBalancingPolicy LEAST_REQUEST = policies(WrrLocality.newBuilder()
            .setEndpointPickingPolicy(policies(LeastRequest.getDefaultInstance(), RoundRobin.getDefaultInstance()))
            .build());

    private GrpcClusters() {}

    private static LoadBalancingPolicy policies(Message... configs) {
        LoadBalancingPolicy.Builder policies = LoadBalancingPolicy.newBuilder();
        for (Message config : configs) {
            policies.addPolicies(LoadBalancingPolicy.Policy.newBuilder()
                    .setTypedExtensionConfig(TypedExtensionConfig.newBuilder()
                            .setName(config.getDescriptorForType().getFullName())
                            .setTypedConfig(Wire.any(config))));
        }
        return policies.build();
    }

    /** All that a cluster depends on. */
    private record Of(Identity cluster) {}

    /**
     * Those that the library can have. One that cannot be expressed is left out, so that its calls fail: never is
     * something sent in plaintext that should have been encrypted.
     */
    public static List<Cluster> of(List<Cluster> clusters, ResourceCache cache) {
        return clusters.stream()
                .flatMap(cluster -> cache.get(new Of(Identity.of(cluster)), key -> of(cluster)).stream())
                .toList();
    }

    private static Optional<Cluster> of(Cluster cluster) {
        Cluster.Builder reduced = Cluster.newBuilder().setName(cluster.getName());
        if (cluster.hasTransportSocket()) {
            Optional<TransportSocket> socket = socket(cluster.getTransportSocket());
            if (socket.isEmpty()) {
                return Optional.empty();
            }
            reduced.setTransportSocket(socket.get());
        }
        if (!discover(cluster, reduced)) {
            return Optional.empty();
        }
        choose(cluster, reduced);
        cluster.getCircuitBreakers().getThresholdsList().stream()
                .filter(CircuitBreakers.Thresholds::hasMaxRequests)
                .forEach(limit -> reduced.getCircuitBreakersBuilder()
                        .addThresholds(CircuitBreakers.Thresholds.newBuilder()
                                .setPriority(limit.getPriority())
                                .setMaxRequests(limit.getMaxRequests())));
        return Optional.of(reduced.build());
    }

    // What the library does not know is round robin. Its one consistent hash is the ring.
    private static void choose(Cluster cluster, Cluster.Builder reduced) {
        switch (cluster.getLbPolicy()) {
            case RING_HASH, MAGLEV ->
                reduced.setLbPolicy(Cluster.LbPolicy.RING_HASH).setRingHashLbConfig(cluster.getRingHashLbConfig());
            case LEAST_REQUEST -> reduced.setLoadBalancingPolicy(LEAST_REQUEST);
            default -> {
                // Round robin is what a cluster has that says nothing.
            }
        }
    }

    // Without a proxy nobody knows an original destination: where the caller's choice would hold, all endpoints are one
    // cluster.
    private static boolean discover(Cluster cluster, Cluster.Builder reduced) {
        switch (DnsClusters.older(cluster).getType()) {
            case EDS, ORIGINAL_DST ->
                reduced.setType(Cluster.DiscoveryType.EDS)
                        .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder()
                                .setEdsConfig(Wire.ads())
                                .setServiceName(cluster.getName()));
            case STRICT_DNS, LOGICAL_DNS -> {
                if (cluster.getLoadAssignment().getEndpointsCount() != 1
                        || cluster.getLoadAssignment().getEndpoints(0).getLbEndpointsCount() != 1) {
                    return false;
                }
                reduced.setType(Cluster.DiscoveryType.LOGICAL_DNS).setLoadAssignment(cluster.getLoadAssignment());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Optional<TransportSocket> socket(TransportSocket socket) {
        if (!socket.getName().equals(TLS) || !socket.getTypedConfig().is(UpstreamTlsContext.class)) {
            return Optional.empty();
        }
        try {
            UpstreamTlsContext context = socket.getTypedConfig().unpack(UpstreamTlsContext.class);
            CommonTlsContext common = context.getCommonTlsContext();
            boolean mesh = common.getTlsCertificateSdsSecretConfigsList().equals(List.of(SdsConfig.certificate()));
            return mesh ? Optional.of(mesh(context)) : Optional.empty();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a cluster of our own cannot be read", e);
        }
    }

    @SuppressWarnings("deprecation") // The library looks at the older field for names alone.
    private static TransportSocket mesh(UpstreamTlsContext context) {
        CertificateValidationContext.Builder roots =
                CertificateValidationContext.newBuilder().setCaCertificateProviderInstance(provider(SdsConfig.ROOTS));
        context
                .getCommonTlsContext()
                .getCombinedValidationContext()
                .getDefaultValidationContext()
                .getMatchTypedSubjectAltNamesList()
                .stream()
                .map(SubjectAltNameMatcher::getMatcher)
                .forEach(roots::addMatchSubjectAltNames);
        return TransportSocket.newBuilder()
                .setName(TLS)
                .setTypedConfig(Wire.any(UpstreamTlsContext.newBuilder()
                        .setSni(context.getSni())
                        .setCommonTlsContext(CommonTlsContext.newBuilder()
                                .setTlsCertificateProviderInstance(provider(SdsConfig.CERTIFICATE))
                                .setCombinedValidationContext(
                                        CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
                                                .setDefaultValidationContext(roots)))
                        .build()))
                .build();
    }

    /** Where the library gets certificates from. */
    static CertificateProviderPluginInstance provider(String certificate) {
        return CertificateProviderPluginInstance.newBuilder()
                .setInstanceName(PROVIDER)
                .setCertificateName(certificate)
                .build();
    }
}
