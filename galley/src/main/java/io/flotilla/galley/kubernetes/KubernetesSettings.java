package io.flotilla.galley.kubernetes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the Kubernetes source: properties "flotilla.kubernetes.*", environment FLOTILLA_KUBERNETES_*. */
@ConfigMapping(prefix = "flotilla.kubernetes")
public interface KubernetesSettings {
    /** Reads a cluster. */
    @WithDefault("false")
    boolean enabled();

    /** A kubeconfig; absent: the one that KUBECONFIG names, or the pod's service account. */
    Optional<String> kubeconfig();

    /** Of the kubeconfig; absent: its current one. */
    Optional<String> context();

    /** Namespaces that are read, by label, as kubectl takes it; absent: all. The suite's own is always read. */
    Optional<String> namespaceSelector();

    /** Objects per page of a list. */
    @WithDefault("500")
    int page();

    /** A list that lacks more than half of what is known counts when one so much later says the same. */
    @WithDefault("30s")
    Duration confirmAfter();

    /** How often the cluster is asked which kinds it serves; a CRD that comes or goes is noticed at once. */
    @WithDefault("30s")
    Duration discovery();

    /** How long the server keeps a watch open. */
    @WithDefault("290s")
    Duration watch();

    /** Writes the status of objects, where this replica is the elected one. */
    @WithDefault("false")
    boolean writeStatus();

    /** How long the leader's lease holds. */
    @WithDefault("15s")
    Duration lease();
}
