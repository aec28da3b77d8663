package io.flotilla.config.platform;

import io.flotilla.api.mesh.v1alpha1.LabelSelector;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.registry.v1.Namespace;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.NamespaceLabels;
import io.flotilla.config.model.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which namespaces the mesh is told of: those that some selector of MeshConfig's discoverySelectors chooses, and its own;
 * all where there is no selector. What is in no namespace is always told.
 *
 * @param selectors one of them must choose a namespace
 * @param own       the mesh's own namespace
 */
record DiscoveryScope(List<LabelSelector> selectors, String own) {
    DiscoveryScope {
        selectors = List.copyOf(selectors);
    }

    static DiscoveryScope of(@Nullable Config<?> mesh, String own) {
        return new DiscoveryScope(
                mesh != null && mesh.spec() instanceof MeshConfig said ? said.getDiscoverySelectorsList() : List.of(),
                own);
    }

    boolean everywhere() {
        return selectors.isEmpty();
    }

    /**
     * @param objects finds the namespace's own object
     */
    boolean tellsOf(String namespace, Function<ObjectKey, @Nullable Config<?>> objects) {
        if (everywhere() || namespace.isEmpty() || namespace.equals(own)) {
            return true;
        }
        Config<?> object = objects.apply(ObjectKey.of(Kind.REGISTRY_NAMESPACE, "", namespace));
        NamespaceLabels labels = NamespaceLabels.of(
                namespace,
                object != null && object.spec() instanceof Namespace known ? known.getLabelsMap() : Map.of());
        return selectors.stream().anyMatch(labels::fit);
    }
}
