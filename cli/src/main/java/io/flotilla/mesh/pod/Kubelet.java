package io.flotilla.mesh.pod;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.platform.AddressPlan;
import io.flotilla.config.platform.LocalPlatform;
import io.flotilla.config.platform.Manifest;
import io.flotilla.injection.PodContext;
import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.isolation.ServiceRules;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the pods that run those that are wanted, and tells Galley of each change. Not for use by several threads. */
public final class Kubelet {
    /** What Galley is told has reached every proxy after that, on a machine that is not overloaded. */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final PodHost host;
    private final Runnable changed;
    private final LocalPlatform platform;
    private final AddressPlan addresses;
    private final RuntimeFolder runtime;
    private final Admission admission;
    private final Map<String, Member> members = new TreeMap<>();
    private final Map<String, Instant> readySince = new TreeMap<>();
    private final ServiceRules rules = new ServiceRules();
    private Map<String, String> hostsTables = Map.of();
    private @Nullable DesiredPods published;
    private volatile Told told = new Told(Set.of(), Map.of());

    /** A pod and where it comes from. */
    public record Member(String controller, int ordinal, String template, Struct manifest, PodRun run) {
        String key() {
            return run.pod().identity().key();
        }
    }

    /**
     * What Galley was told last.
     *
     * @param ready   "NAMESPACE/NAME" of the pods that serve
     * @param serving "NAMESPACE/NAME" of services to "ADDRESS:PORT" of those of their pods
     */
    public record Told(Set<String> ready, Map<String, Set<String>> serving) {
        public Told {
            ready = Set.copyOf(ready);
            serving = Map.copyOf(serving);
        }
    }

    public Kubelet(PodHost host, Runnable changed) {
        this.host = host;
        this.changed = changed;
        this.addresses = host.isolation() == Isolation.NONE
                ? new AddressPlan(LoopbackAddress.PODS, AddressPlan.DEFAULT.services())
                : AddressPlan.DEFAULT;
        this.platform = new LocalPlatform(addresses);
        this.runtime = new RuntimeFolder(host.state().runtime());
        this.admission = new Admission(host.state(), host.spec());
    }

    /** The pods that are there, by name. */
    public Collection<Member> members() {
        synchronized (members) {
            return List.copyOf(members.values());
        }
    }

    /** What Galley was told last. May be asked by any thread. */
    public Told told() {
        return told;
    }

    /** Does what can be done now. */
    public void reconcile(DesiredPods desired) throws IOException {
        writeHosts(desired);
        dropGone();
        List<Rollout.Instance> instances =
                members().stream().map(this::instance).toList();
        for (Rollout.Step step : Rollout.plan(desired.wanted(), instances)) {
            switch (step) {
                case Rollout.Step.Start start -> start(desired, start);
                case Rollout.Step.End end -> end(end);
            }
        }
        publish(desired);
    }

    /** A pod counts as ready when Galley has been told so a while ago: only then others may end for it. */
    private Rollout.Instance instance(Member member) {
        PodState state = member.run().state();
        Instant since = readySince.get(member.key());
        boolean known = since != null && Instant.now().isAfter(since.plus(SETTLED));
        return new Rollout.Instance(
                member.controller(), member.ordinal(), member.template(), state.ready() && known, state.terminating());
    }

    private void writeHosts(DesiredPods desired) throws IOException {
        TreeSet<String> namespaces = new TreeSet<>(desired.namespaces().keySet());
        desired.controllers().values().forEach(each -> namespaces.add(each.namespace()));
        Map<String, String> tables = new TreeMap<>();
        var services = desired.serviceAddresses();
        namespaces.forEach(namespace -> tables.put(namespace, HostsTable.of(namespace, services)));
        for (Map.Entry<String, String> table : tables.entrySet()) {
            if (!table.getValue().equals(hostsTables.get(table.getKey()))) {
                StateFolder.write(host.state().hosts().resolve(table.getKey()).resolve("hosts"), table.getValue());
            }
        }
        hostsTables = tables;
    }

    private void dropGone() {
        synchronized (members) {
            members.values().removeIf(member -> member.run().gone());
        }
    }

    /** Makes the pods that are wanted as {@link #reconcile} does, and runs none. */
    public void rehearse(DesiredPods desired) throws IOException {
        writeHosts(desired);
        for (Rollout.Step step : Rollout.plan(desired.wanted(), List.of())) {
            Config<Struct> controller = desired.controllers().get(step.controller());
            if (controller != null) {
                LocalPod.read(admitted(desired, controller, step.ordinal()).pod());
            }
        }
        publish(desired);
    }

    private void start(DesiredPods desired, Rollout.Step.Start step) {
        Config<Struct> controller = desired.controllers().get(step.controller());
        if (controller == null) {
            return;
        }
        Admission.Admitted admitted = admitted(desired, controller, step.ordinal());
        PodRun run = PodRun.start(host, LocalPod.read(admitted.pod()), admitted.problem(), changed);
        String template = desired.wanted().stream()
                .filter(wanted -> wanted.controller().equals(step.controller()))
                .map(Rollout.Wanted::template)
                .findFirst()
                .orElse("");
        LocalPod.Identity identity = run.pod().identity();
        synchronized (members) {
            members.put(
                    identity.namespace() + "/" + identity.name(),
                    new Member(step.controller(), step.ordinal(), template, admitted.pod(), run));
        }
    }

    private Admission.Admitted admitted(DesiredPods desired, Config<Struct> controller, int ordinal) {
        boolean bare = controller.key().kind().name().equals("Pod");
        Config<Struct> pod = bare ? controller : platform.pod(controller, ordinal);
        String address = address(pod.key().resourceName());
        Struct manifest =
                RuntimeFolder.placed(platform.running(pod, address, false).spec(), UUID.randomUUID());
        Map<String, String> labels = desired.namespaces().getOrDefault(pod.namespace(), Map.of());
        PodContext context = new PodContext(pod.namespace(), bare ? "" : controller.name(), labels);
        return admission.admit(manifest, context, pod.name(), desired.proxies());
    }

    private String address(String name) {
        List<String> taken = members().stream()
                .map(member -> member.run().pod().identity().address())
                .toList();
        return addresses.podAddresses(List.of(name), taken).getOrDefault(name, "");
    }

    private void end(Rollout.Step.End step) {
        members().stream()
                .filter(member -> member.controller().equals(step.controller()) && member.ordinal() == step.ordinal())
                .forEach(member -> member.run().end());
    }

    /** Writes the pods as they are now; Galley makes endpoints of them. */
    private void publish(DesiredPods desired) throws IOException {
        Map<String, RuntimeFolder.Observation> pods = new TreeMap<>();
        for (Member member : members()) {
            PodState state = member.run().state();
            if (!member.run().gone()) {
                pods.put(
                        member.key(),
                        new RuntimeFolder.Observation(member.manifest(), state.ready(), state.terminating()));
            }
        }
        boolean different = runtime.write(pods);
        readySince.keySet().removeIf(key -> !isReady(pods.get(key)));
        pods.forEach((key, pod) -> {
            if (pod.ready()) {
                readySince.putIfAbsent(key, Instant.now());
            }
        });
        if (different || !desired.equals(published)) {
            List<Struct> manifests = new ArrayList<>(desired.elsewhere());
            pods.values().forEach(pod -> manifests.add(RuntimeFolder.observed(pod)));
            if (host.isolation().namespaces()) {
                rules.apply(
                        ServiceEndpoints.of(platform, desired.services(), desired.serviceAddresses(), manifests),
                        host.environment());
            }
            told = new Told(readySince.keySet(), ServiceEndpoints.ready(platform, desired.services(), manifests));
        }
        published = desired;
    }

    private static boolean isReady(RuntimeFolder.@Nullable Observation pod) {
        return pod != null && pod.ready();
    }

    /** Ends all pods at once and waits until they are gone. */
    public void close() throws InterruptedException {
        List<Member> all = new ArrayList<>(members());
        all.forEach(member -> member.run().endNow());
        for (Member member : all) {
            member.run().awaitGone();
        }
    }

    /** Text of a field of a pod's manifest. */
    public static String text(Struct manifest, String... path) {
        return new Manifest(manifest).text(path);
    }
}
