package io.flotilla.cli;

import io.flotilla.mesh.state.ConfigFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
        List<String> options = new ArrayList<>();
        if (kubeconfig != null) {
            options.add("--kubeconfig=" + kubeconfig);
        }
        if (context != null) {
            options.add("--context=" + context);
        }
        boolean local = Files.exists(mesh.folder().meshFile());
        if (options.isEmpty() && (local || !clusterIsActive())) {
            return new FolderPlace(new ConfigFolder(mesh.existing().config()));
        }
        if (Stream.of(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator, -1))
                .noneMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")))) {
            throw CommandFailure.couldNotRun("a cluster is reached by kubectl, which is not on the PATH");
        }
        return new ClusterPlace(options);
    }

    private static boolean clusterIsActive() {
        String named = System.getenv().getOrDefault("KUBECONFIG", "");
        return !named.isEmpty() || Files.exists(Path.of(System.getProperty("user.home"), ".kube", "config"));
    }
}
