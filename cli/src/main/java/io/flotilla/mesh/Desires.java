package io.flotilla.mesh;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.platform.LocalPlatform;
import io.flotilla.envoy.bootstrap.MeshProxies;
import io.flotilla.mesh.component.ControlService;
import io.flotilla.mesh.component.PlatformObjects;
import io.flotilla.mesh.pod.DesiredPods;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.ObjectText;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what users and the platform want to run, again only when a file has changed. */
final class Desires {
    private final StateFolder state;
    private final PlatformObjects platform;
    private Map<Path, String> seen = Map.of();
    private String platformText = "";
    private @Nullable DesiredPods current;
    private Map<ObjectKey, Config<Struct>> good = Map.of();
    private MeshProxies proxies = MeshProxies.NONE;

    Desires(StateFolder state, PlatformObjects platform) {
        this.state = state;
        this.platform = platform;
    }

    DesiredPods refresh() throws IOException {
        DesiredPods last = current;
        Map<Path, String> now = fingerprint();
        if (last != null && now.equals(seen)) {
            return last;
        }
        Map<ObjectKey, Config<Struct>> users = users();
        Map<ObjectKey, Config<Struct>> all = new HashMap<>(platform.manifests());
        all.putAll(users);
        String text = platform.text(users.keySet());
        if (!text.equals(platformText)) {
            StateFolder.write(state.runtime().resolve("platform.yaml"), text);
            platformText = text;
        }
        DesiredPods next = DesiredPods.of(List.copyOf(all.values()), proxies);
        seen = now;
        current = next;
        return next;
    }

    /** An object that became invalid keeps its last good version. */
    private Map<ObjectKey, Config<Struct>> users() throws IOException {
        Map<ObjectKey, Config<Struct>> manifests = new HashMap<>();
        List<Config<?>> valid = new ArrayList<>();
        for (Map.Entry<ObjectKey, ObjectText> each :
                new ConfigFolder(state.config()).objects().entrySet()) {
            if (each.getValue().object().valid()) {
                valid.add(each.getValue().object().config());
            } else {
                before(each.getKey()).ifPresent(valid::add);
            }
        }
        LocalPlatform.manifests(valid).forEach(each -> manifests.put(each.key(), each));
        good = Map.copyOf(manifests);
        proxies = MeshProxies.ofManifests(valid, ControlService.NAMESPACE, proxies.mesh());
        return manifests;
    }

    private Optional<Config<?>> before(ObjectKey key) {
        return Optional.<Config<?>>ofNullable(good.get(key))
                .or(() -> Stream.<Config<?>>concat(proxies.objects().stream(), proxies.filters().stream())
                        .filter(config -> config.key().equals(key))
                        .findFirst());
    }

    private Map<Path, String> fingerprint() throws IOException {
        Map<Path, String> files = new HashMap<>();
        try (Stream<Path> below = Files.walk(state.config())) {
            for (Path file : below.filter(Files::isRegularFile).toList()) {
                // A renamed file has another inode even where size and time are the same.
                files.put(
                        file,
                        Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                                        .fileKey() + " " + Files.getLastModifiedTime(file) + " " + Files.size(file));
            }
        } catch (java.nio.file.NoSuchFileException | java.io.UncheckedIOException e) {
            // A file went while we looked: the next look will see it right.
            return Map.of(state.config(), "changing " + System.nanoTime());
        }
        return files;
    }
}
