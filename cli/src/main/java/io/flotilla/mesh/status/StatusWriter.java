package io.flotilla.mesh.status;

import io.flotilla.mesh.component.ComponentRun;
import io.flotilla.mesh.component.ControlPlane;
import io.flotilla.mesh.component.Http;
import io.flotilla.mesh.pod.DesiredPods;
import io.flotilla.mesh.pod.Kubelet;
import io.flotilla.mesh.pod.LocalPod;
import io.flotilla.mesh.pod.PodState;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps the status file as the mesh is. */
public final class StatusWriter {
    private static final long PERIOD_MILLIS = 250;
    /** Pilot is asked less often than processes are looked at. */
    private static final int SYNC_EVERY = 2;

    private final StateFolder state;
    private final MeshSpec spec;
    private final ControlPlane controlPlane;
    private final Kubelet kubelet;
    private volatile @Nullable DesiredPods desired;
    private volatile ProxySync sync = ProxySync.NONE;
    /** What Galley was told of pods that Pilot knows by now, and knew before {@link #sync} was asked for. */
    private volatile Kubelet.@Nullable Told known;

    private volatile Kubelet.@Nullable Told passedOn;
    private boolean wasReady;
    private String written = "";

    public StatusWriter(StateFolder state, MeshSpec spec, ControlPlane controlPlane, Kubelet kubelet) {
        this.state = state;
        this.spec = spec;
        this.controlPlane = controlPlane;
        this.kubelet = kubelet;
    }

    /** What the mesh is to be judged by. */
    public void expect(DesiredPods pods) {
        desired = pods;
    }

    public void run(CountDownLatch stopping) {
        try {
            for (int round = 0; !stopping.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS); round++) {
                if (round % SYNC_EVERY == 0) {
                    askPilot();
                }
                write(false);
            }
            write(true);
        } catch (IOException e) {
            System.err.println("status: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A pod that has just become ready is not served before Pilot has heard of it through Galley, and the proxies from
     * Pilot: what they are in sync with counts only if they were asked after Pilot knew.
     */
    private void askPilot() {
        passedOn = known;
        sync = pilot("/debug/syncz").map(ProxySync::parse).orElse(ProxySync.NONE);
        Kubelet.Told told = kubelet.told();
        if (!told.equals(known)
                && pilot("/debug/endpointz")
                        .map(Registry::parse)
                        .orElse(Registry.NONE)
                        .covers(told.serving())) {
            known = told;
        }
    }

    private Optional<String> pilot(String page) {
        return Http.get("127.0.0.1", spec.innerPort(MeshPort.PILOT_MANAGEMENT), page);
    }

    /** Everything has ended. */
    public void stopped() throws IOException {
        StateFolder.write(
                state.statusFile(), status(List.of(), List.of(), "down").json());
    }

    private synchronized void write(boolean stopping) throws IOException {
        List<MeshStatus.Component> components =
                controlPlane.runs().stream().map(StatusWriter::component).toList();
        List<MeshStatus.Pod> pods = kubelet.members().stream().map(this::pod).toList();
        boolean ready = isReady(components, pods);
        wasReady |= ready;
        String word = stopping ? "stopping" : ready ? "ready" : wasReady ? "degraded" : "starting";
        String json = status(components, pods, word).json();
        if (!json.equals(written)) {
            StateFolder.write(state.statusFile(), json);
            written = json;
        }
    }

    private MeshStatus status(List<MeshStatus.Component> components, List<MeshStatus.Pod> pods, String word) {
        return new MeshStatus(
                spec.name(), word, state.root().toString(), spec.isolation(), urls(), spec.ports(), components, pods);
    }

    private Map<String, String> urls() {
        Map<String, String> urls = new TreeMap<>();
        String ingress = "http://127.0.0.1:" + spec.port(MeshPort.INGRESS_HTTP);
        urls.put("ingress", ingress + "/");
        DesiredPods pods = desired;
        if (pods != null && pods.controllers().containsKey("default/productpage-v1")) {
            urls.put("productpage", ingress + "/productpage");
        }
        urls.put("metrics", "http://127.0.0.1:" + spec.port(MeshPort.MIXER_METRICS) + "/metrics");
        return urls;
    }

    private boolean isReady(List<MeshStatus.Component> components, List<MeshStatus.Pod> pods) {
        DesiredPods wanted = desired;
        if (wanted == null || components.size() < controlPlane.expected()) {
            return false;
        }
        Kubelet.Told told = passedOn;
        if (told == null
                || !pods.stream()
                        .filter(MeshStatus.Pod::ready)
                        .allMatch(pod -> told.ready().contains(pod.namespace() + "/" + pod.name()))) {
            return false;
        }
        long good = pods.stream()
                .filter(pod -> !pod.terminating() && pod.ready() && pod.synced())
                .count();
        boolean noBad = pods.stream().allMatch(pod -> pod.terminating() || (pod.ready() && pod.synced()));
        return noBad && good >= wanted.podCount() && components.stream().allMatch(MeshStatus.Component::ready);
    }

    private static MeshStatus.Component component(ComponentRun run) {
        return new MeshStatus.Component(
                run.process().name(),
                run.process().state(),
                run.ready(),
                run.process().pid(),
                run.process().restarts(),
                run.lastError());
    }

    private MeshStatus.Pod pod(Kubelet.Member member) {
        LocalPod pod = member.run().pod();
        PodState now = member.run().state();
        LocalPod.Identity identity = pod.identity();
        boolean proxy = pod.hasProxy() || now.processes().containsKey(LocalPod.PROXY);
        Map<String, String> labels = new TreeMap<>(
                new io.flotilla.config.platform.Manifest(member.manifest()).strings("metadata", "labels"));
        String refused = sync.message(identity.name(), identity.namespace());
        return new MeshStatus.Pod(
                identity.namespace(),
                identity.name(),
                identity.address(),
                identity.serviceAccount(),
                labels,
                pod.hasProxy(),
                now.phase(),
                now.ready(),
                !proxy || sync.isSynced(identity.name(), identity.namespace()),
                now.terminating(),
                now.processes(),
                now.holder(),
                now.restarts(),
                refused.isEmpty() ? now.lastError() : refused);
    }
}
