package io.flotilla.config.analysis.scope;

import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1beta1.ProxyConfig;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.api.type.v1beta1.PolicyTargetReference;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object that applies to workloads.
 *
 * @param config   the object
 * @param selector labels of the workloads; empty where it applies to all
 * @param at       where the selector stands
 * @param targets  it names what it applies to instead
 */
record Selecting(Config<?> config, Map<String, String> selector, FieldPath at, List<PolicyTargetReference> targets) {
    /** All such objects. */
    static List<Selecting> all(Mesh mesh) {
        List<Selecting> all = new ArrayList<>();
        for (Config<?> config : mesh.objects()) {
            of(config).ifPresent(all::add);
        }
        return all;
    }

    static Optional<Selecting> of(Config<?> config) {
        return switch (config.spec()) {
            case Sidecar spec -> labels(config, spec.getWorkloadSelector(), List.of());
            case EnvoyFilter spec -> labels(config, spec.getWorkloadSelector(), spec.getTargetRefsList());
            case PeerAuthentication spec -> matchLabels(config, spec.getSelector(), List.of());
            case RequestAuthentication spec ->
                matchLabels(
                        config,
                        spec.getSelector(),
                        targets(spec.hasTargetRef(), spec.getTargetRef(), spec.getTargetRefsList()));
            case AuthorizationPolicy spec ->
                matchLabels(
                        config,
                        spec.getSelector(),
                        targets(spec.hasTargetRef(), spec.getTargetRef(), spec.getTargetRefsList()));
            case Telemetry spec ->
                matchLabels(
                        config,
                        spec.getSelector(),
                        targets(spec.hasTargetRef(), spec.getTargetRef(), spec.getTargetRefsList()));
            case WasmPlugin spec ->
                matchLabels(
                        config,
                        spec.getSelector(),
                        targets(spec.hasTargetRef(), spec.getTargetRef(), spec.getTargetRefsList()));
            case ProxyConfig spec -> matchLabels(config, spec.getSelector(), List.of());
            default -> Optional.empty();
        };
    }

    private static List<PolicyTargetReference> targets(
            boolean one, PolicyTargetReference target, List<PolicyTargetReference> several) {
        return one ? List.of(target) : several;
    }

    private static Optional<Selecting> labels(
            Config<?> config,
            io.flotilla.api.networking.v1alpha3.WorkloadSelector selector,
            List<PolicyTargetReference> targets) {
        return Optional.of(new Selecting(
                config,
                selector.getLabelsMap(),
                Paths.SPEC.field("workloadSelector").field("labels"),
                targets));
    }

    private static Optional<Selecting> matchLabels(
            Config<?> config,
            io.flotilla.api.type.v1beta1.WorkloadSelector selector,
            List<PolicyTargetReference> targets) {
        return Optional.of(new Selecting(
                config,
                selector.getMatchLabelsMap(),
                Paths.SPEC.field("selector").field("matchLabels"),
                targets));
    }

    /** The workloads; of all namespaces where it is in the root namespace and the kind has such a meaning. */
    List<WorkloadFact> workloads(Mesh mesh) {
        boolean root = config.namespace().equals(mesh.settings().rootNamespace())
                && !config.key().kind().equals(Kind.SIDECAR);
        return root
                ? mesh.workloads().selectAnywhere(selector)
                : mesh.workloads().select(config.namespace(), selector);
    }
}
