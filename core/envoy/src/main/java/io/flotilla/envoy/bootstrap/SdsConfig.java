package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.BackoffStrategy;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.PathConfigSource;
import io.envoyproxy.envoy.config.core.v3.RetryPolicy;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;

/**
 * Where an Envoy gets its secrets: the one place that builds {@link SdsSecretConfig}, for bootstraps and for what Pilot
 * sends.
 *
 * <p>Envoy shares one subscription between all users of a secret only if their {@link ConfigSource} is equal, byte for
 * byte; hence nothing here depends on a proxy or a setting. The authority is left out, so that Envoy sends the cluster's
 * name.
 */
public final class SdsConfig {
    /** Name of the secret with the workload's certificate chain and key. */
    public static final String CERTIFICATE = "default";

    /** Name of the secret with the mesh's trusted roots. */
    public static final String ROOTS = "ROOTCA";

    /**
     * Name of the secret with the roots of this mesh and of those that it trusts, each for its own trust domains.
     * Envoy looks at no DNS names with it, so that only members with identities may be checked by it.
     */
    public static final String FEDERATED_ROOTS = "ROOTCA-FEDERATED";

    /** Static cluster of every bootstrap that leads to Citadel. */
    public static final String CITADEL_CLUSTER = "citadel";

    /** Static cluster of a gateway's bootstrap that leads to the gateway service beside it. */
    public static final String GATEWAY_CLUSTER = "sds-gateway";

    /** What follows a credential's name in the name of the secret with its certificate authority. */
    public static final String AUTHORITY_SUFFIX = "-cacert";

    /** What precedes the name of a credential that Citadel serves to workloads, as in Istio. */
    public static final String OF_WORKLOADS = "kubernetes://";

    // Not 0 (wait for ever): Envoy starts its static listeners only when the secrets of its static clusters have
    // arrived or timed out, and probes must be answered while Citadel is away. A secret that comes later is used at
    // once, and until then a connection that needs it is refused, never opened without it.
    private static final Duration IDENTITY_FETCH_TIMEOUT = Durations.fromSeconds(2);

    // One missing credential does not hold up the other listeners for longer.
    private static final Duration EDGE_FETCH_TIMEOUT = Durations.fromSeconds(15);

    private static final SdsSecretConfig CERTIFICATE_CONFIG =
            secret(CERTIFICATE, CITADEL_CLUSTER, IDENTITY_FETCH_TIMEOUT);
    private static final SdsSecretConfig ROOTS_CONFIG = secret(ROOTS, CITADEL_CLUSTER, IDENTITY_FETCH_TIMEOUT);

    private static final SdsSecretConfig FEDERATED_CONFIG =
            secret(FEDERATED_ROOTS, CITADEL_CLUSTER, IDENTITY_FETCH_TIMEOUT);

    private SdsConfig() {}

    /** The workload's own certificate, from Citadel. */
    public static SdsSecretConfig certificate() {
        return CERTIFICATE_CONFIG;
    }

    /** The roots that the workload trusts, from Citadel. */
    public static SdsSecretConfig roots() {
        return ROOTS_CONFIG;
    }

    /** The roots that the workload trusts, those of other meshes too, from Citadel. */
    public static SdsSecretConfig federatedRoots() {
        return FEDERATED_CONFIG;
    }

    /** A server certificate and key at an edge, from the gateway service (Istio: {@code Server.tls.credentialName}). */
    public static SdsSecretConfig edgeCertificate(String credentialName) {
        return secret(credentialName, GATEWAY_CLUSTER, EDGE_FETCH_TIMEOUT);
    }

    /** The authority that clients at an edge must be signed by, for servers in mode MUTUAL. */
    public static SdsSecretConfig edgeAuthority(String credentialName) {
        return secret(credentialName + AUTHORITY_SUFFIX, GATEWAY_CLUSTER, EDGE_FETCH_TIMEOUT);
    }

    /**
     * A certificate and key of a workload's namespace, from Citadel, which serves them to whom the cluster lets read them
     * (Istio: {@code DestinationRule} with a workloadSelector, {@code tls.credentialName}).
     */
    public static SdsSecretConfig workloadCertificate(String credentialName) {
        return secret(OF_WORKLOADS + credentialName, CITADEL_CLUSTER, IDENTITY_FETCH_TIMEOUT);
    }

    /** The authority that servers must be signed by, of the same credential. */
    public static SdsSecretConfig workloadAuthority(String credentialName) {
        return workloadCertificate(credentialName + AUTHORITY_SUFFIX);
    }

    /**
     * A credential of an edge from a service of the mesh (Istio: {@code MeshConfig.extensionProviders.sds}), by the state
     * of the world, since such services need not know increments.
     *
     * @param cluster   that leads there
     * @param authority what it is called, since a cluster's name is no authority that everybody takes
     */
    public static SdsSecretConfig external(String name, String cluster, String authority) {
        ApiConfigSource source = ApiConfigSource.newBuilder()
                .setApiType(ApiConfigSource.ApiType.GRPC)
                .setTransportApiVersion(ApiVersion.V3)
                .setSetNodeOnFirstMessageOnly(true)
                .addGrpcServices(GrpcService.newBuilder()
                        .setEnvoyGrpc(envoyGrpc(cluster).toBuilder().setAuthority(authority)))
                .build();
        return secret(name, source, EDGE_FETCH_TIMEOUT);
    }

    private static SdsSecretConfig secret(String name, String cluster, Duration fetchTimeout) {
        return secret(name, source(cluster), fetchTimeout);
    }

    private static SdsSecretConfig secret(String name, ApiConfigSource source, Duration fetchTimeout) {
        return SdsSecretConfig.newBuilder()
                .setName(name)
                .setSdsConfig(ConfigSource.newBuilder()
                        .setResourceApiVersion(ApiVersion.V3)
                        .setInitialFetchTimeout(fetchTimeout)
                        .setApiConfigSource(source))
                .build();
    }

    /** A delta stream of an API of its own; the node goes with the first message only. */
    static ApiConfigSource source(String cluster) {
        return ApiConfigSource.newBuilder()
                .setApiType(ApiConfigSource.ApiType.DELTA_GRPC)
                .setTransportApiVersion(ApiVersion.V3)
                .setSetNodeOnFirstMessageOnly(true)
                .addGrpcServices(GrpcService.newBuilder().setEnvoyGrpc(envoyGrpc(cluster)))
                .build();
    }

    /** A secret that Envoy reads from a file, again whenever something is moved into the watched directory. */
    static SdsSecretConfig file(String name, String path, String watchedDirectory) {
        return SdsSecretConfig.newBuilder()
                .setName(name)
                .setSdsConfig(ConfigSource.newBuilder()
                        .setResourceApiVersion(ApiVersion.V3)
                        .setPathConfigSource(PathConfigSource.newBuilder()
                                .setPath(path)
                                .setWatchedDirectory(
                                        WatchedDirectory.newBuilder().setPath(watchedDirectory))))
                .build();
    }

    // Envoy honours the retry policy of envoy_grpc and silently ignores the one of GrpcService.
    private static GrpcService.EnvoyGrpc envoyGrpc(String cluster) {
        return GrpcService.EnvoyGrpc.newBuilder()
                .setClusterName(cluster)
                .setRetryPolicy(RetryPolicy.newBuilder()
                        .setRetryBackOff(BackoffStrategy.newBuilder()
                                .setBaseInterval(Durations.fromMillis(200))
                                .setMaxInterval(Durations.fromSeconds(2))))
                .build();
    }
}
