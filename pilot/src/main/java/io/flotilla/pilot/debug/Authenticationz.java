package io.flotilla.pilot.debug;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MtlsDecision;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Proxy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * /debug/authenticationz: for each port that a proxy can call, what its servers accept and what the proxy's own cluster
 * does, and whether these fit. With several servers that differ, all that they accept is said.
 */
final class Authenticationz {
    private static final String NONE = "-";
    private static final String OWN_CERTIFICATE = "default";
    private static final String MESH_TLS = "tlsMode-istio";

    private Authenticationz() {}

    static JsonArray of(MeshSnapshot mesh, Proxy proxy, EnvoyResources resources) {
        Map<String, Cluster> clusters = new HashMap<>();
        resources.clusters().forEach(cluster -> clusters.put(cluster.getName(), cluster));
        JsonArray all = new JsonArray();
        for (MeshService service : mesh.visibleServices(proxy.pod().namespace())) {
            for (ServicePort port : service.ports()) {
                Cluster cluster = clusters.get("outbound|" + port.number() + "||" + service.hostname());
                if (cluster != null && !service.external()) {
                    all.add(row(mesh, proxy, service, port, cluster));
                }
            }
        }
        return all;
    }

    private static JsonObject row(
            MeshSnapshot mesh, Proxy proxy, MeshService service, ServicePort port, Cluster cluster) {
        List<MeshEndpoint> endpoints = mesh.endpoints(service, port.number());
        Set<MtlsMode> modes = new LinkedHashSet<>();
        ObjectKey policy = null;
        for (MeshEndpoint endpoint : endpoints) {
            MtlsDecision decision = endpoint.meshTls()
                    ? mesh.mtlsDecision(endpoint.namespace(), endpoint.labels(), endpoint.port())
                    : new MtlsDecision(MtlsMode.DISABLE, Optional.empty());
            modes.add(decision.mode());
            policy = decision.by().map(clause -> clause.object()).orElse(policy);
        }
        boolean plain = modes.isEmpty() || modes.contains(MtlsMode.DISABLE) || modes.contains(MtlsMode.PERMISSIVE);
        boolean mutual = modes.contains(MtlsMode.STRICT) || modes.contains(MtlsMode.PERMISSIVE);
        String client = client(cluster, endpoints);
        return new JsonObject()
                .put("host", service.hostname())
                .put("port", port.number())
                .put("authentication_policy_name", name(policy))
                .put(
                        "destination_rule_name",
                        name(mesh.destinationRuleParts(
                                        service,
                                        proxy.pod().namespace(),
                                        proxy.pod().labels())
                                .policy()
                                .map(rule -> rule.key())
                                .orElse(null)))
                .put("server_protocol", mutual ? plain ? "HTTP/mTLS" : "mTLS" : "HTTP")
                .put("client_protocol", client)
                .put("TLS_conflict_status", conflict(modes, client, cluster) ? "CONFLICT" : "OK");
    }

    // Where the endpoint decides, each of them is spoken to as it wants.
    private static boolean conflict(Set<MtlsMode> modes, String client, Cluster cluster) {
        if (automatic(cluster)) {
            return false;
        }
        return client.equals("mTLS") ? modes.contains(MtlsMode.DISABLE) : modes.contains(MtlsMode.STRICT);
    }

    private static String client(Cluster cluster, List<MeshEndpoint> endpoints) {
        if (automatic(cluster)) {
            boolean some = endpoints.stream().anyMatch(MeshEndpoint::meshTls);
            boolean all = endpoints.stream().allMatch(MeshEndpoint::meshTls);
            return some ? all ? "mTLS" : "HTTP/mTLS" : "HTTP";
        }
        if (!cluster.hasTransportSocket()) {
            return "HTTP";
        }
        return shows(cluster) ? "mTLS" : "TLS";
    }

    /** Whether the cluster shows the mesh's own certificate. */
    private static boolean shows(Cluster cluster) {
        try {
            return cluster
                    .getTransportSocket()
                    .getTypedConfig()
                    .unpack(UpstreamTlsContext.class)
                    .getCommonTlsContext()
                    .getTlsCertificateSdsSecretConfigsList()
                    .stream()
                    .anyMatch(secret -> secret.getName().equals(OWN_CERTIFICATE));
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static boolean automatic(Cluster cluster) {
        return cluster.getTransportSocketMatchesList().stream()
                .anyMatch(match -> match.getName().equals(MESH_TLS));
    }

    private static String name(@Nullable ObjectKey object) {
        return object == null ? NONE : object.name() + "/" + object.namespace();
    }
}
