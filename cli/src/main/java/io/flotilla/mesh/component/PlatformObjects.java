package io.flotilla.mesh.component;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.LocalPlatform;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.ObjectText;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The objects that every local mesh has: its control plane as a cluster would show it, and its gateways. */
public final class PlatformObjects {
    private final String platform;
    private final String gateways;

    private PlatformObjects(String platform, String gateways) {
        this.platform = platform;
        this.gateways = gateways;
    }

    public static PlatformObjects of(StateFolder state, MeshSpec spec, Components components) {
        String text = resource("platform.yaml")
                .replace("@AUTO_MTLS@", Boolean.toString(!spec.mtls().equals("off")));
        for (MeshPort port : MeshPort.values()) {
            text = text.replace("@PORT_" + port.key() + "@", Integer.toString(spec.innerPort(port)));
        }
        StringBuilder all = new StringBuilder(text);
        for (ControlService service : ControlService.values()) {
            all.append("---\n").append(pod(service, components.address(service)));
        }
        return new PlatformObjects(all.toString(), gateways(state, spec));
    }

    /** Without namespaces a gateway's files are where they are, and it listens on its own loopback address. */
    private static String gateways(StateFolder state, MeshSpec spec) {
        boolean apart = spec.isolation().namespaces();
        String folder = state.pods()
                .resolve("istio-system_$(FLOTILLA_GATEWAY_POD_NAME)")
                .toString();
        Map<String, String> values = Map.of(
                "@MESH_DIR@", state.config().toString(),
                // As the log of a sidecar is named: "flotilla logs POD -c istio-proxy" finds it.
                "@PROXY_LOG@", state.logs() + "/istio-system_$(FLOTILLA_GATEWAY_POD_NAME)_istio-proxy.log",
                "@ENVOY@", apart ? "/run/flotilla/bin/envoy" : spec.envoy(),
                "@PROXY_DIR@", apart ? "/etc/istio/proxy" : folder + "/istio-envoy",
                "@TOKEN_DIR@", apart ? "/var/run/secrets/tokens" : folder + "/istio-token",
                "@ROOT_DIR@", apart ? "/var/run/secrets/istio" : folder + "/istio-ca-root-cert",
                "@PILOT@", server(apart, "istio-pilot", spec.innerPort(MeshPort.PILOT_TLS)),
                "@CITADEL@", server(apart, "istio-citadel", spec.innerPort(MeshPort.CITADEL)),
                "@INTERCEPTION@", apart ? "REDIRECT" : "NONE",
                "@ADMIN_HOST@", apart ? "127.0.0.1" : "$(FLOTILLA_GATEWAY_POD_IP)");
        String text = resource("gateways.yaml");
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        return text;
    }

    private static String server(boolean apart, String name, int port) {
        return (apart ? name + ".istio-system.svc" : "127.0.0.1") + ":" + port;
    }

    /** For Galley: all but what the user's own objects replace. */
    public String text(java.util.Set<ObjectKey> users) {
        List<String> documents = new ArrayList<>();
        for (ObjectText object : all()) {
            if (!users.contains(object.object().config().key())) {
                documents.add(object.yaml());
            }
        }
        return String.join("\n---\n", documents);
    }

    /** The same as manifests. */
    public Map<ObjectKey, Config<Struct>> manifests() {
        Map<ObjectKey, Config<Struct>> manifests = new LinkedHashMap<>();
        LocalPlatform.manifests(
                        all().stream().map(each -> each.object().config()).toList())
                .forEach(each -> manifests.put(each.key(), each));
        return manifests;
    }

    private List<ObjectText> all() {
        List<ObjectText> all = new ArrayList<>(ObjectText.of("platform.yaml", platform, ReadOptions.DEFAULT));
        all.addAll(ObjectText.of("gateways.yaml", gateways, ReadOptions.DEFAULT));
        return all;
    }

    /** Mixer's callers use mesh TLS, which to them means that it has a sidecar. */
    private static String pod(ControlService service, String address) {
        String container = service == ControlService.MIXER ? "istio-proxy" : service.module();
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: istio-%1$s-0
                  namespace: istio-system
                  labels:
                    app: %1$s
                spec:
                  serviceAccountName: %2$s
                  nodeName: local
                  containers:
                    - name: %3$s
                      image: flotilla/%1$s:local
                status:
                  phase: Running
                  podIP: %4$s
                  conditions:
                    - type: Ready
                      status: "True"
                """.formatted(service.module(), service.serviceAccount(), container, address);
    }

    private static String resource(String name) {
        try (InputStream stream = Objects.requireNonNull(PlatformObjects.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
