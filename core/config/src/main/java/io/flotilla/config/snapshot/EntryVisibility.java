package io.flotilla.config.snapshot;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.ServiceEntryVisibility;
import io.flotilla.api.mesh.v1alpha1.ServiceEntryVisibility.MatchRule;
import io.flotilla.api.registry.v1.Namespace;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.NamespaceLabels;
import io.flotilla.config.model.ObjectKey;
import java.util.List;
import java.util.Map;

/**
 * How widely ServiceEntries of a namespace may be seen, by MeshConfig's serviceEntryVisibility: the first policy whose
 * rules all hold for the namespace says it, else the default; at most as widely as their own exportTo. It holds for
 * proxies only with applyToSidecars, since without it Istio has it for ambient mode alone.
 *
 * @param said    by MeshConfig
 * @param objects where namespaces are found
 */
record EntryVisibility(ServiceEntryVisibility said, ObjectTable objects) {
    private static final List<String> NOBODY = List.of("~");

    static EntryVisibility of(MeshConfig mesh, ObjectTable objects) {
        return new EntryVisibility(mesh.getServiceEntryVisibility(), objects);
    }

    /** Labels of namespaces matter to services. */
    static boolean asksForNamespaces(MeshConfig mesh) {
        ServiceEntryVisibility said = mesh.getServiceEntryVisibility();
        return said.getApplyToSidecars() && said.getPoliciesCount() > 0;
    }

    /**
     * Who sees an entry after all.
     *
     * @param exportTo what the entry says, resolved
     */
    List<String> limit(List<String> exportTo, String namespace) {
        if (!said.getApplyToSidecars()) {
            return exportTo;
        }
        return switch (visibility(namespace)) {
            case NONE -> NOBODY;
            case NAMESPACE -> ExportTo.sees(exportTo, namespace) ? List.of(namespace) : NOBODY;
            case PUBLIC, VISIBILITY_UNSPECIFIED, UNRECOGNIZED -> exportTo;
        };
    }

    private ServiceEntryVisibility.Visibility visibility(String namespace) {
        Config<?> object = objects.get(ObjectKey.of(Kind.REGISTRY_NAMESPACE, "", namespace));
        NamespaceLabels labels = NamespaceLabels.of(
                namespace,
                object != null && object.spec() instanceof Namespace known ? known.getLabelsMap() : Map.of());
        return said.getPoliciesList().stream()
                .filter(policy -> policy.getMatchingRulesList().stream().allMatch(rule -> holds(rule, labels)))
                .findFirst()
                .map(ServiceEntryVisibility.Policy::getVisibility)
                .orElse(said.getDefaultVisibility());
    }

    private static boolean holds(MatchRule rule, NamespaceLabels labels) {
        return rule.hasNamespaceSelector() && labels.fit(rule.getNamespaceSelector());
    }
}
