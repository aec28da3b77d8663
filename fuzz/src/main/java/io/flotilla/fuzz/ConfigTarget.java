package io.flotilla.fuzz;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Translator;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A file of manifests: read, validated, made a mesh, translated for a gateway and for the first workloads. Nothing ends
 * with an exception, and everything that is found says where and what.
 */
public final class ConfigTarget {
    private static final int WORKLOADS = 3;

    private ConfigTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        MeshFolder folder = MeshFolder.read(Map.of("f.yaml", new String(data, StandardCharsets.UTF_8)));
        folder.diagnostics().forEach(ConfigTarget::complete);
        MeshSnapshot snapshot = folder.snapshot();
        translate(
                snapshot,
                "router~10.0.0.1~gateway.default~default.svc.cluster.local",
                Map.of("istio", "ingressgateway"));
        folder.expanded().stream()
                .filter(object -> object.key().kind().equals(Kind.POD))
                .limit(WORKLOADS)
                .forEach(pod -> translate(snapshot, id(pod.key()), pod.labels()));
    }

    private static void complete(Diagnostic finding) {
        if (finding.message().isBlank() || finding.code().isBlank()) {
            throw new AssertionError("a finding without message or code: " + finding);
        }
    }

    private static String id(ObjectKey pod) {
        String namespace = pod.namespace();
        return "sidecar~10.0.0.2~" + pod.name() + "." + namespace + "~" + namespace + ".svc.cluster.local";
    }

    private static void translate(MeshSnapshot snapshot, String id, Map<String, String> labels) {
        Struct.Builder struct = Struct.newBuilder();
        labels.forEach((key, value) ->
                struct.putFields(key, Value.newBuilder().setStringValue(value).build()));
        Value all = Value.newBuilder().setStructValue(struct).build();
        Node node = Node.newBuilder()
                .setId(id)
                .setMetadata(Struct.newBuilder().putFields("LABELS", all))
                .build();
        if (Proxy.parse(node) instanceof Proxy.Parsed.Accepted accepted) {
            Translator.translate(snapshot, ProxyView.of(accepted.proxy(), snapshot));
        }
    }
}
