package io.flotilla.mesh.pod;

import io.flotilla.mesh.isolation.Rights;
import io.flotilla.mesh.isolation.Sandbox;
import io.flotilla.mesh.process.ProcessSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Turns containers into processes. */
final class ContainerCommand {
    /** The proxy's binary as pods see it. */
    private static final String ENVOY_IN_POD = "/run/flotilla/bin/envoy";

    private final PodHost host;
    private final LocalPod pod;

    ContainerCommand(PodHost host, LocalPod pod) {
        this.host = host;
        this.pod = pod;
    }

    /** What keeps a pod from running on this machine; empty if nothing does. */
    String obstacle() {
        return pod.apps().stream()
                .filter(container -> !container.name().equals(LocalPod.PROXY))
                .filter(container -> image(container).isEmpty())
                .findFirst()
                .map(container -> "no local command for image "
                        + container.entry().image() + " of container " + container.name() + ": add one to images.yaml")
                .orElse("");
    }

    private Optional<Images.Entry> image(LocalContainer container) {
        return host.images().find(container.entry().image(), host.variables());
    }

    ProcessSpec of(LocalContainer container, Rights rights, Sandbox sandbox) {
        Map<String, String> environment = new TreeMap<>(host.environment());
        List<String> line = new ArrayList<>();
        Optional<Images.Entry> image = rights == Rights.APPLICATION ? image(container) : Optional.empty();
        image.ifPresent(entry -> environment.putAll(entry.environment()));
        line.addAll(image.map(Images.Entry::command).orElseGet(() -> command(container)));
        line.addAll(container.entry().args());
        environment.putAll(place());
        environment.putAll(container.entry().environment());
        return new ProcessSpec(
                pod.identity().name() + "/" + container.name(),
                sandbox.command(rights, container.user(), line),
                environment,
                log(container.name()));
    }

    private List<String> command(LocalContainer container) {
        String envoy =
                host.isolation().namespaces() ? ENVOY_IN_POD : host.spec().envoy();
        List<String> command = new ArrayList<>(container.entry().command());
        // The last word where a shell starts it.
        command.replaceAll(word -> word.equals("envoy") ? envoy : word);
        return command;
    }

    private Map<String, String> place() {
        Map<String, String> place = new TreeMap<>();
        place.put("HOSTNAME", pod.identity().name());
        if (!host.isolation().namespaces()) {
            String application = LoopbackAddress.ofApplication(pod.identity().address());
            place.put("APP_IP", application);
            place.put(
                    "FLOTILLA_BIND",
                    pod.hasProxy() ? application : pod.identity().address());
            if (pod.hasProxy()) {
                place.put("http_proxy", "http://" + pod.identity().address() + ":15001");
            }
        }
        return place;
    }

    Path log(String container) {
        return host.state()
                .logs()
                .resolve(pod.identity().namespace() + "_" + pod.identity().name() + "_" + container + ".log");
    }
}
