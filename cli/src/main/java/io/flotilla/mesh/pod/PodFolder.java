package io.flotilla.mesh.pod;

import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A pod's folder: one folder below for each volume.
 *
 * @param root of this pod
 */
public record PodFolder(Path root) {
    public static PodFolder of(StateFolder state, LocalPod pod) {
        return new PodFolder(state.pods()
                .resolve(pod.identity().namespace() + "_" + pod.identity().name()));
    }

    public Path volume(String name) {
        return root.resolve(name);
    }

    public void create(LocalPod pod) throws IOException {
        StateFolder.deleteTree(root);
        for (String volume : pod.volumes().keySet()) {
            Files.createDirectories(volume(volume));
        }
    }

    /**
     * Volumes and the places where the pod sees them, in pairs. Only places below /etc and /run are the pod's own;
     * others would cover the machine's.
     */
    public List<String> mounts(LocalPod pod) {
        Map<String, String> places = new TreeMap<>();
        Stream.of(pod.inits(), pod.sidecars(), pod.apps())
                .flatMap(List::stream)
                .forEach(container -> container.mounts().forEach((place, volume) -> {
                    if (isOwn(place) && pod.volumes().containsKey(volume)) {
                        places.put(place, volume(volume).toString());
                    }
                }));
        List<String> pairs = new ArrayList<>();
        places.forEach((place, folder) -> pairs.addAll(List.of(folder, place)));
        return pairs;
    }

    private static boolean isOwn(String place) {
        return place.startsWith("/etc/") || place.startsWith("/run/") || place.startsWith("/var/run/");
    }
}
