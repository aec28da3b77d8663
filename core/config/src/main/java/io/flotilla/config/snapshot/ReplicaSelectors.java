package io.flotilla.config.snapshot;

import com.google.protobuf.Message;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Objects that select one replica of a workload by a label that its others do not have. There are few if any, so that
 * replicas are told apart where it matters and share everything where it does not.
 */
final class ReplicaSelectors {
    /** Labels that differ between the replicas of one StatefulSet. */
    static final Set<String> LABELS = Set.of("statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index");

    /** The kinds that select workloads by labels and change what a proxy gets. */
    static final Set<Kind> KINDS = Set.of(
            Kind.AUTHORIZATION_POLICY,
            Kind.PEER_AUTHENTICATION,
            Kind.REQUEST_AUTHENTICATION,
            Kind.TELEMETRY,
            Kind.WASM_PLUGIN,
            Kind.ENVOY_FILTER,
            Kind.SIDECAR,
            Kind.DESTINATION_RULE,
            Kind.GATEWAY);

    private static final String EVERYWHERE = "";

    private final Map<String, List<Map<String, String>>> byNamespace = new HashMap<>();
    private final String root;

    ReplicaSelectors(ObjectTable objects, MeshSettings settings) {
        root = settings.rootNamespace();
        add(
                objects,
                Kind.AUTHORIZATION_POLICY,
                AuthorizationPolicy.class,
                spec -> spec.getSelector().getMatchLabelsMap());
        add(
                objects,
                Kind.PEER_AUTHENTICATION,
                PeerAuthentication.class,
                spec -> spec.getSelector().getMatchLabelsMap());
        add(
                objects,
                Kind.REQUEST_AUTHENTICATION,
                RequestAuthentication.class,
                spec -> spec.getSelector().getMatchLabelsMap());
        add(objects, Kind.TELEMETRY, Telemetry.class, spec -> spec.getSelector().getMatchLabelsMap());
        add(
                objects,
                Kind.WASM_PLUGIN,
                WasmPlugin.class,
                spec -> spec.getSelector().getMatchLabelsMap());
        add(
                objects,
                Kind.ENVOY_FILTER,
                EnvoyFilter.class,
                spec -> spec.getWorkloadSelector().getLabelsMap());
        add(
                objects,
                Kind.SIDECAR,
                Sidecar.class,
                spec -> spec.getWorkloadSelector().getLabelsMap());
        add(
                objects,
                Kind.DESTINATION_RULE,
                DestinationRule.class,
                spec -> spec.getWorkloadSelector().getMatchLabelsMap());
        for (Config<Gateway> gateway : objects.all(Kind.GATEWAY, Gateway.class)) {
            add(EVERYWHERE, gateway.spec().getSelectorMap());
        }
    }

    private <T extends Message> void add(
            ObjectTable objects, Kind kind, Class<T> type, Function<T, Map<String, String>> selector) {
        for (Config<T> config : objects.all(kind, type)) {
            add(config.namespace(), selector.apply(config.spec()));
        }
    }

    private void add(String namespace, Map<String, String> selector) {
        if (LABELS.stream().anyMatch(selector::containsKey)) {
            byNamespace.computeIfAbsent(namespace, any -> new ArrayList<>()).add(selector);
        }
    }

    boolean any() {
        return !byNamespace.isEmpty();
    }

    /** Whether an object selects a pod with these labels by one that only it has. */
    boolean hit(String namespace, Map<String, String> labels) {
        return hits(namespace, labels) || hits(root, labels) || hits(EVERYWHERE, labels);
    }

    private boolean hits(String namespace, Map<String, String> labels) {
        return byNamespace.getOrDefault(namespace, List.of()).stream()
                .anyMatch(selector -> labels.entrySet().containsAll(selector.entrySet()));
    }
}
