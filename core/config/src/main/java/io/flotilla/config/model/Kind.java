package io.flotilla.config.model;

import org.jspecify.annotations.Nullable;

/**
 * A kind of object in an API group, for all of its versions.
 *
 * @param group "networking.istio.io"; empty for the core group of Kubernetes
 * @param name  "VirtualService"
 */
public record Kind(String group, String name) implements Comparable<Kind> {
    public static final Kind VIRTUAL_SERVICE = new Kind("networking.istio.io", "VirtualService");
    public static final Kind DESTINATION_RULE = new Kind("networking.istio.io", "DestinationRule");
    public static final Kind GATEWAY = new Kind("networking.istio.io", "Gateway");
    public static final Kind SERVICE_ENTRY = new Kind("networking.istio.io", "ServiceEntry");
    public static final Kind SIDECAR = new Kind("networking.istio.io", "Sidecar");
    public static final Kind WORKLOAD_ENTRY = new Kind("networking.istio.io", "WorkloadEntry");
    public static final Kind WORKLOAD_GROUP = new Kind("networking.istio.io", "WorkloadGroup");
    public static final Kind ENVOY_FILTER = new Kind("networking.istio.io", "EnvoyFilter");
    public static final Kind PROXY_CONFIG = new Kind("networking.istio.io", "ProxyConfig");
    public static final Kind REQUEST_AUTHENTICATION = new Kind("security.istio.io", "RequestAuthentication");
    public static final Kind AUTHORIZATION_POLICY = new Kind("security.istio.io", "AuthorizationPolicy");
    public static final Kind TELEMETRY = new Kind("telemetry.istio.io", "Telemetry");
    public static final Kind WASM_PLUGIN = new Kind("extensions.istio.io", "WasmPlugin");
    public static final Kind PEER_AUTHENTICATION = new Kind("security.istio.io", "PeerAuthentication");
    /** Certificates taken back before their end. */
    public static final Kind REVOCATION = new Kind("security.flotilla.io", "Revocation");

    /** Public keys of an issuer of tokens, as found at an address. */
    public static final Kind KEY_SET = new Kind("security.flotilla.io", "KeySet");

    public static final Kind POLICY = new Kind("authentication.istio.io", "Policy");
    public static final Kind MESH_POLICY = new Kind("authentication.istio.io", "MeshPolicy");
    public static final Kind RBAC_CONFIG = new Kind("rbac.istio.io", "RbacConfig");
    public static final Kind CLUSTER_RBAC_CONFIG = new Kind("rbac.istio.io", "ClusterRbacConfig");
    public static final Kind SERVICE_ROLE = new Kind("rbac.istio.io", "ServiceRole");
    public static final Kind SERVICE_ROLE_BINDING = new Kind("rbac.istio.io", "ServiceRoleBinding");
    public static final Kind CLASSIC_AUTHORIZATION_POLICY = new Kind("rbac.istio.io", "AuthorizationPolicy");
    public static final Kind MESH_CONFIG = new Kind("core", "MeshConfig");

    public static final Kind SERVICE = new Kind("", "Service");
    public static final Kind ENDPOINTS = new Kind("", "Endpoints");
    public static final Kind POD = new Kind("", "Pod");
    public static final Kind NODE = new Kind("", "Node");
    public static final Kind NAMESPACE = new Kind("", "Namespace");
    public static final Kind SERVICE_ACCOUNT = new Kind("", "ServiceAccount");
    public static final Kind CONFIG_MAP = new Kind("", "ConfigMap");
    public static final Kind ENDPOINT_SLICE = new Kind("discovery.k8s.io", "EndpointSlice");
    public static final Kind DEPLOYMENT = new Kind("apps", "Deployment");
    public static final Kind STATEFUL_SET = new Kind("apps", "StatefulSet");
    public static final Kind DAEMON_SET = new Kind("apps", "DaemonSet");
    public static final Kind REPLICA_SET = new Kind("apps", "ReplicaSet");

    public static final Kind REPLICATION_CONTROLLER = new Kind("", "ReplicationController");
    public static final Kind SECRET = new Kind("", "Secret");
    public static final Kind JOB = new Kind("batch", "Job");
    public static final Kind CRON_JOB = new Kind("batch", "CronJob");

    public static final Kind CERTIFICATE = new Kind("cert-manager.io", "Certificate");
    public static final Kind CERTIFICATE_REQUEST = new Kind("cert-manager.io", "CertificateRequest");
    public static final Kind ISSUER = new Kind("cert-manager.io", "Issuer");
    public static final Kind CLUSTER_ISSUER = new Kind("cert-manager.io", "ClusterIssuer");

    public static final Kind REGISTRY_SERVICE = new Kind("flotilla.registry.v1", "Service");
    public static final Kind REGISTRY_ENDPOINT_SLICE = new Kind("flotilla.registry.v1", "EndpointSlice");
    public static final Kind REGISTRY_WORKLOAD = new Kind("flotilla.registry.v1", "Workload");
    public static final Kind REGISTRY_NAMESPACE = new Kind("flotilla.registry.v1", "Namespace");
    public static final Kind REGISTRY_NODE = new Kind("flotilla.registry.v1", "Node");

    /** A kind of Mixer, "rule", or the shorthand of an adapter or template, "memquota". */
    public static Kind mixer(String name) {
        return new Kind("config.istio.io", name);
    }

    @Override
    public int compareTo(Kind other) {
        if (this == other) {
            return 0;
        }
        int byGroup = group.compareTo(other.group);
        return byGroup != 0 ? byGroup : name.compareTo(other.name);
    }

    // Part of every key: most are the constants above.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Kind kind && name.equals(kind.name) && group.equals(kind.group));
    }

    @Override
    public int hashCode() {
        return 31 * group.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
        return group.isEmpty() ? name : group + "/" + name;
    }
}
