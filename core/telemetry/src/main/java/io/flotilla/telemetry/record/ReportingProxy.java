package io.flotilla.telemetry.record;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.api.registry.v1.Workload;
import java.util.Map;
import java.util.Objects;

/**
 * The proxy that writes an access log stream, as its first message names it.
 *
 * @param kind      which of its logs
 * @param namespace of its pod
 * @param pod       name of its pod
 * @param network   that its addresses belong to
 * @param told      its pod as the proxy describes it, for the time until the registry knows the pod
 */
public record ReportingProxy(LogKind kind, String namespace, String pod, String network, Workload told) {
    private static final int ID_PARTS = 4;

    /** Whether a stream may report. */
    public sealed interface Verdict {
        /** It may, as this proxy. */
        record Admitted(ReportingProxy proxy) implements Verdict {}

        /** It may not, and why. */
        record Refused(String reason) implements Verdict {}
    }

    /**
     * Reads an Envoy node, "sidecar~IP~POD.NAMESPACE~DOMAIN", with Istio's metadata names.
     *
     * @param peerUri URI of the stream's verified certificate, empty on plaintext; a peer can only report for pods of
     *                its own namespace and service account
     */
    public static Verdict of(Node node, String logName, String peerUri) {
        String[] id = node.getId().split("~", -1);
        int dot = id.length == ID_PARTS ? id[2].lastIndexOf('.') : -1;
        if (dot <= 0 || dot == id[2].length() - 1) {
            return new Verdict.Refused("node id \"" + node.getId() + "\" is not ROLE~ADDRESS~POD.NAMESPACE~DOMAIN");
        }
        LogKind kind = LogKind.of(logName).orElse(null);
        if (kind == null) {
            return new Verdict.Refused("log name \"" + logName + "\" is none of the mesh's");
        }
        String namespace = id[2].substring(dot + 1);
        Workload told = told(id[2].substring(0, dot), namespace, id[1], node.getMetadata());
        if (!peerUri.isEmpty() && !mayReport(peerUri, told)) {
            return new Verdict.Refused(
                    "\"" + peerUri + "\" may not report for pod " + namespace + "/" + told.getName());
        }
        return new Verdict.Admitted(new ReportingProxy(kind, namespace, told.getName(), told.getNetwork(), told));
    }

    /** The name of its cluster, as Istio's {@code CLUSTER_ID} tells it; empty where it says none. */
    String cluster() {
        return told.getCluster();
    }

    /** "NAMESPACE/POD", the key of its batches. */
    public String key() {
        return namespace + "/" + pod;
    }

    private static boolean mayReport(String peerUri, Workload told) {
        return Principal.parse(peerUri)
                .filter(peer -> peer.namespace().equals(told.getNamespace()))
                .filter(peer -> told.getServiceAccount().isEmpty()
                        || told.getServiceAccount().equals(peer.serviceAccount()))
                .isPresent();
    }

    private static Workload told(String pod, String namespace, String address, Struct metadata) {
        Workload.Builder told = Workload.newBuilder()
                .setName(pod)
                .setNamespace(namespace)
                .setCluster(text(metadata, "CLUSTER_ID"))
                .setNetwork(text(metadata, "NETWORK"))
                .setServiceAccount(text(metadata, "SERVICE_ACCOUNT"))
                .setOwnerName(text(metadata, "WORKLOAD_NAME"))
                .addAddresses(address);
        labels(metadata).forEach((key, value) -> told.putLabels(key, value.getStringValue()));
        return told.build();
    }

    private static Map<String, Value> labels(Struct metadata) {
        return Objects.requireNonNullElse(metadata.getFieldsMap().get("LABELS"), Value.getDefaultInstance())
                .getStructValue()
                .getFieldsMap();
    }

    private static String text(Struct metadata, String field) {
        return Objects.requireNonNullElse(metadata.getFieldsMap().get(field), Value.getDefaultInstance())
                .getStringValue();
    }
}
