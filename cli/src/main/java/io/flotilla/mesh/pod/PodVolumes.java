package io.flotilla.mesh.pod;

import io.flotilla.mesh.isolation.Sandbox;
import io.flotilla.mesh.process.ProcessSpec;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps the files in a pod's volumes as they should be: tokens that have not ended, the roots of today, users' ConfigMaps. */
final class PodVolumes {
    static final String ROOT_CONFIG_MAP = "istio-ca-root-cert";
    private static final String ROOT_FILE = "root-cert.pem";
    private static final Duration POLL = Duration.ofMillis(50);

    private final PodHost host;
    private final LocalPod pod;
    private final PodFolder folder;
    private final Map<String, Instant> renewals = new HashMap<>();
    private String writtenRoot = "";

    PodVolumes(PodHost host, LocalPod pod) {
        this.host = host;
        this.pod = pod;
        this.folder = PodFolder.of(host.state(), pod);
    }

    /** Makes the folders and the place that sees them. */
    Sandbox sandbox(Path log) throws IOException {
        folder.create(pod);
        renewals.clear();
        writtenRoot = "";
        renew();
        if (!host.isolation().namespaces()) {
            return new Sandbox.Shared();
        }
        Path hosts = host.state().hosts().resolve(pod.identity().namespace());
        Files.createDirectories(hosts);
        ProcessSpec spec = new ProcessSpec(pod.identity().name(), List.of(), host.environment(), log);
        return Sandbox.Namespaces.create(host.isolation(), pod.identity().address(), hosts, folder.mounts(pod), spec);
    }

    /** Waits until the roots are there, if the pod needs them; false if the pod's end came first. */
    boolean awaitRoot(CountDownLatch ending) throws InterruptedException {
        boolean needed = pod.volumes().values().stream().anyMatch(PodVolumes::isRoot);
        while (needed && host.credentials().root().isEmpty()) {
            if (ending.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        renew();
        return true;
    }

    private static boolean isRoot(LocalVolume volume) {
        return volume instanceof LocalVolume.ConfigFiles files
                && files.configMap().equals(ROOT_CONFIG_MAP);
    }

    /** Writes what is due. */
    void renew() {
        try {
            for (Map.Entry<String, LocalVolume> volume : pod.volumes().entrySet()) {
                switch (volume.getValue()) {
                    case LocalVolume.Token token -> token(volume.getKey(), token);
                    case LocalVolume.ConfigFiles files when isRoot(files) -> root(volume.getKey());
                    case LocalVolume.ConfigFiles files ->
                        new ConfigMapFiles(
                                        new ConfigFolder(host.state().config()),
                                        pod.identity().namespace())
                                .write(folder.volume(volume.getKey()), files);
                    case LocalVolume.Empty empty -> {}
                    case LocalVolume.Unsupported unsupported -> {}
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void token(String volume, LocalVolume.Token token) throws IOException {
        Instant now = Instant.now();
        Instant due = renewals.getOrDefault(volume, Instant.MIN);
        if (now.isAfter(due)) {
            host.credentials().writeToken(folder.volume(volume).resolve(token.path()), pod.identity(), token, reader());
            renewals.put(volume, now.plus(Credentials.renewal(token)));
        }
    }

    /** The proxy's user, where it has one of its own. */
    private int reader() {
        if (host.isolation() != io.flotilla.mesh.isolation.Isolation.ROOT) {
            return 0;
        }
        return java.util.stream.Stream.concat(pod.sidecars().stream(), pod.apps().stream())
                .filter(container -> container.name().equals(LocalPod.PROXY))
                .mapToInt(LocalContainer::user)
                .findFirst()
                .orElse(0);
    }

    /**
     * Gives the proxy its log, as a container runtime gives a process its standard output: Envoy opens "/dev/stdout" for
     * the access logs that go there, and refuses all listeners where it may not.
     */
    void give(Path log) {
        int user = reader();
        if (user <= 0) {
            return;
        }
        try {
            Files.createDirectories(log.getParent());
            Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            Files.setAttribute(log, "unix:uid", user);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void root(String volume) throws IOException {
        Optional<String> root = host.credentials().root();
        if (root.isPresent() && !root.get().equals(writtenRoot)) {
            StateFolder.write(folder.volume(volume).resolve(ROOT_FILE), root.get());
            writtenRoot = root.get();
        }
    }

    /** The Envoy that a gateway's agent started and wrote down, if it runs. */
    Optional<ProcessHandle> adoptedProxy() {
        if (pod.apps().stream().noneMatch(LocalContainer::supervisesProxy)) {
            return Optional.empty();
        }
        try {
            String[] words = Files.readString(folder.volume("istio-envoy").resolve("envoy.pid"))
                    .strip()
                    .split("\\s+", -1);
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(process -> io.flotilla.mesh.process.Marked.is(
                            process, host.state().root()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    void delete() {
        try {
            StateFolder.deleteTree(folder.root());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
