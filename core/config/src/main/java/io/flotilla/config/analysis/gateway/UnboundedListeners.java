package io.flotilla.config.analysis.gateway;

import com.google.protobuf.Struct;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.Server;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.MeshConfigMap;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.MeshSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A limit of connections that the listeners of edges do not have: to Envoy it is a runtime value by a listener's name. */
final class UnboundedListeners implements Check {
    private static final Entry UNBOUNDED =
            Entry.warning("FA0409", "listenerConnectionLimit does not bound the listeners of gateways", """
                    To Envoy, how many connections a listener takes at once is a runtime value by the listener's name.
                    A pod's inbound listener has the same name everywhere; those of a gateway are named by the ports
                    that Gateways open, so listenerConnectionLimit says nothing of them and they take as many as come.
                    Set the runtime values that the finding names in defaultConfig.runtimeValues, or bound the whole
                    proxy by globalDownstreamConnectionLimit.""");

    private static final FieldPath AT =
            FieldPath.ROOT.field("defaultConfig").field("connectionSettings").field("listenerConnectionLimit");

    @Override
    public List<Entry> entries() {
        return List.of(UNBOUNDED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<Struct> config : mesh.manifests(Kind.CONFIG_MAP)) {
            if (MeshConfigMap.isOne(config.key(), mesh.settings().rootNamespace())) {
                MeshConfigMap.read(config, new ArrayList<>())
                        .ifPresent(read -> proxies(mesh, config, read.spec().getDefaultConfig(), findings));
            }
        }
    }

    private static void proxies(Mesh mesh, Config<Struct> config, ProxyConfig proxy, Findings findings) {
        var settings = proxy.getConnectionSettings();
        if (!settings.hasListenerConnectionLimit() || settings.hasGlobalDownstreamConnectionLimit()) {
            return;
        }
        List<String> missing = ports(mesh).stream()
                .map(UnboundedListeners::key)
                .filter(key -> !proxy.containsRuntimeValues(key))
                .toList();
        if (!missing.isEmpty()) {
            findings.report(
                    UNBOUNDED,
                    config,
                    AT,
                    "does not bound the listeners of gateways; set runtimeValues " + String.join(", ", missing));
        }
    }

    private static String key(int port) {
        return "envoy.resource_limits.listener.0.0.0.0_" + port + ".connection_limit";
    }

    /** On which the pods of gateways listen. */
    private static Set<Integer> ports(Mesh mesh) {
        Set<Integer> ports = new TreeSet<>();
        for (Config<Gateway> gateway : mesh.gateways()) {
            for (WorkloadFact pod :
                    mesh.workloads().selectAnywhere(gateway.spec().getSelectorMap())) {
                Map<Integer, Integer> targets = new HashMap<>();
                for (MeshSnapshot.InboundPort port : mesh.snapshot().inboundPorts(pod.namespace(), pod.labels())) {
                    targets.putIfAbsent(port.servicePort().number(), port.endpointPort());
                }
                for (Server server : gateway.spec().getServersList()) {
                    int number = server.getPort().getNumber();
                    ports.add(targets.getOrDefault(number, number));
                }
            }
        }
        return ports;
    }
}
