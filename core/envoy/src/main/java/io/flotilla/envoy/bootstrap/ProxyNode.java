package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Who an Envoy says that it is: its node id, cluster and metadata, under Istio's names.
 *
 * @param role      sidecar or router
 * @param pod       what is its own
 * @param workload  what it shares with its replicas
 * @param placement where in the mesh it is
 */
public record ProxyNode(ProxyRole role, Pod pod, Workload workload, Placement placement) {
    /**
     * The Istio whose patches fit what Pilot sends here: EnvoyFilters choose proxies by it (match.proxy.proxyVersion).
     */
    public static final String ISTIO_VERSION = "1.29.0";

    /** Metadata: the workload's name as metrics, logs and spans have it. */
    public static final String CANONICAL_SERVICE = "CANONICAL_SERVICE";

    /** Metadata: which of several versions of that workload. */
    public static final String CANONICAL_REVISION = "CANONICAL_REVISION";

    /**
     * What is one pod's own; each part may be a {@link Placeholder}.
     *
     * @param name      the pod's name
     * @param namespace its namespace
     * @param ip        its first address
     * @param uid       its unique id, may be empty
     */
    public record Pod(String name, String namespace, String ip, String uid) {
        /** All of it put in by the init container. */
        public static final Pod BY_INIT_CONTAINER = new Pod(
                Placeholder.POD_NAME.text(),
                Placeholder.POD_NAMESPACE.text(),
                Placeholder.POD_IP.text(),
                Placeholder.POD_UID.text());
    }

    /**
     * What a pod shares with its replicas.
     *
     * @param name           the Deployment's name, or of what else owns the pod
     * @param app            label "app", or the workload's name
     * @param serviceAccount the service account that it runs as
     * @param labels         the pod's labels
     */
    public record Workload(String name, String app, String serviceAccount, Map<String, String> labels) {
        public Workload {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * Where in the mesh a proxy is.
     *
     * @param domainSuffix "cluster.local"
     * @param clusterId    name of its cluster
     * @param network      name of its network, empty for the only one
     * @param revision     of the control plane that it belongs to
     * @param interception how its traffic gets to it
     * @param locality     region, zone and subzone
     */
    public record Placement(
            String domainSuffix,
            String clusterId,
            String network,
            String revision,
            InterceptionMode interception,
            Locality locality) {}

    /** "sidecar~IP~POD.NAMESPACE~NAMESPACE.svc.DOMAIN". */
    public String id() {
        return String.join(
                "~",
                role.id(),
                pod.ip(),
                pod.name() + "." + pod.namespace(),
                pod.namespace() + ".svc." + placement.domainSuffix());
    }

    Node toEnvoy() {
        return Node.newBuilder()
                .setId(id())
                .setCluster(workload.app() + "." + pod.namespace())
                .setLocality(placement.locality())
                .setMetadata(metadata())
                .build();
    }

    private Struct metadata() {
        Struct.Builder labels = Struct.newBuilder();
        new TreeMap<>(workload.labels()).forEach((key, value) -> labels.putFields(key, text(value)));
        Struct.Builder metadata = Struct.newBuilder()
                .putFields("NAME", text(pod.name()))
                .putFields("NAMESPACE", text(pod.namespace()))
                .putFields("SERVICE_ACCOUNT", text(workload.serviceAccount()))
                .putFields("WORKLOAD_NAME", text(workload.name()))
                .putFields(
                        CANONICAL_SERVICE,
                        text(first(
                                workload.name(), "service.istio.io/canonical-name", "app.kubernetes.io/name", "app")))
                .putFields(
                        CANONICAL_REVISION,
                        text(first(
                                "latest",
                                "service.istio.io/canonical-revision",
                                "app.kubernetes.io/version",
                                "version")))
                .putFields("CLUSTER_ID", text(placement.clusterId()))
                .putFields("INTERCEPTION_MODE", text(placement.interception().name()))
                .putFields("REVISION", text(placement.revision()))
                .putFields("ISTIO_VERSION", text(ISTIO_VERSION))
                .putFields("LABELS", Value.newBuilder().setStructValue(labels).build());
        if (!placement.network().isEmpty()) {
            metadata.putFields("NETWORK", text(placement.network()));
        }
        if (!pod.uid().isEmpty()) {
            metadata.putFields("POD_UID", text(pod.uid()));
        }
        return metadata.build();
    }

    private String first(String otherwise, String... names) {
        return Stream.of(names)
                .map(name -> workload.labels().getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse(otherwise);
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }
}
