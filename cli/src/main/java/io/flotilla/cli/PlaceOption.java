package io.flotilla.cli;

import io.flotilla.mesh.state.ConfigFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A local mesh if there is one, else the cluster of the active kubeconfig; asked for by an option, that one. */
final class PlaceOption {
    @Mixin
    private MeshOption mesh;

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "The cluster of this kubeconfig.")
    private @Nullable String kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "The cluster of this context of the kubeconfig.")
    private @Nullable String context;

    ObjectPlace place() {
        if (!clusterNamed() && (Files.exists(mesh.folder().meshFile()) || !clusterActive())) {
            return new FolderPlace(new ConfigFolder(mesh.existing().config()));
        }
        return new ClusterPlace(kubectl());
    }

    /** The cluster that the options say. */
    Kubectl kubectl() {
        List<String> options = new ArrayList<>();
        if (kubeconfig != null) {
            options.add("--kubeconfig=" + kubeconfig);
        }
        if (context != null) {
            options.add("--context=" + context);
        }
        return new Kubectl(options);
    }

    /** An option says which cluster is meant. */
    boolean clusterNamed() {
        return kubeconfig != null || context != null;
    }

    /** There is a kubeconfig. */
    boolean clusterActive() {
        String named = System.getenv().getOrDefault("KUBECONFIG", "");
        return !named.isEmpty() || Files.exists(Path.of(System.getProperty("user.home"), ".kube", "config"));
    }
}
