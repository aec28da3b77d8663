package io.flotilla.galley.kubernetes;

import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.platform.MeshConfigMap;
import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The cluster of flotilla.kubernetes, where that is enabled. */
@ApplicationScoped
public class KubernetesSources implements SourceFactory {
    private final KubernetesSettings settings;
    private final String rootNamespace;
    private volatile @Nullable KubernetesSource source;
    private volatile @Nullable ClusterClient client;

    KubernetesSources(
            KubernetesSettings settings,
            @ConfigProperty(name = "flotilla.namespace", defaultValue = "istio-system") String rootNamespace) {
        this.settings = settings;
        this.rootNamespace = rootNamespace;
    }

    @Override
    public Optional<Source> create() {
        if (!settings.enabled()) {
            return Optional.empty();
        }
        String selector = settings.namespaceSelector().orElse("");
        NamespaceSelector namespaces = NamespaceSelector.parse(selector)
                .orElseThrow(() -> new IllegalStateException("flotilla.kubernetes.namespace-selector \"" + selector
                        + "\" is no label selector; write it as for kubectl -l"));
        ClusterClient cluster = ClusterClient.of(settings.kubeconfig(), settings.context());
        client = cluster;
        KubernetesSource made = new KubernetesSource(
                cluster,
                new KubernetesSource.Options(
                        namespaces,
                        rootNamespace,
                        MeshConfigMap.NAMES,
                        settings.page(),
                        new MassDeletionGuard(settings.confirmAfter()),
                        new KubernetesSource.Options.Times(settings.discovery(), settings.watch())));
        source = made;
        return Optional.of(made);
    }

    /** The source, once it was made. */
    Optional<KubernetesSource> source() {
        return Optional.ofNullable(source);
    }

    /** The cluster that is read. */
    public Optional<ClusterClient> client() {
        return Optional.ofNullable(client);
    }

    /** Where an object is in the API, in the version in which it is read; empty where its kind is not served. */
    public Optional<String> path(ObjectKey object) {
        return source().flatMap(found -> found.target(object.kind())).map(target -> target.path(object));
    }
}
