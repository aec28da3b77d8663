package io.flotilla.envoy.telemetry;

import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import io.flotilla.envoy.bootstrap.ProxyNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tags that Istio puts onto every span unless {@code enableIstioTags} is false: of which workload, namespace, cluster
 * and mesh the proxy is. Envoy reads them from its own node (CEL's {@code xds.node}), so that all proxies are told the
 * same.
 */
public final class IstioTags {
    private static final String METADATA = "xds.node.metadata.";

    private static final List<CustomTag> ALL = List.of(
            tag("istio.canonical_revision", METADATA + ProxyNode.CANONICAL_REVISION),
            tag("istio.canonical_service", METADATA + ProxyNode.CANONICAL_SERVICE),
            tag("istio.cluster_id", METADATA + "CLUSTER_ID"),
            // A mesh need not have a name.
            tag("istio.mesh_id", "'MESH_ID' in xds.node.metadata ? " + METADATA + "MESH_ID : 'unknown'"),
            tag("istio.namespace", METADATA + "NAMESPACE"));

    private IstioTags() {}

    /** Adds them behind the tags that there are; one of these with the same name holds. */
    public static void add(HttpConnectionManager.Tracing.Builder tracing) {
        Set<String> taken =
                tracing.getCustomTagsList().stream().map(CustomTag::getTag).collect(Collectors.toSet());
        ALL.stream().filter(tag -> !taken.contains(tag.getTag())).forEach(tracing::addCustomTags);
    }

    private static CustomTag tag(String name, String expression) {
        return Metered.filled(name, "%CEL(" + expression + ")%");
    }
}
