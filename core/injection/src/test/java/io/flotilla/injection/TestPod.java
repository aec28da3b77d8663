package io.flotilla.injection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A network namespace of its own, with a loopback interface and an address on another one, that lives as long as the
 * test. Needs root, or unprivileged user namespaces.
 */
final class TestPod implements AutoCloseable {
    static final String ADDRESS = "10.99.0.1";

    private final Process holder;

    private TestPod(Process holder) {
        this.holder = holder;
    }

    static TestPod start() throws IOException {
        Process holder = new ProcessBuilder(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--net",
                        "--mount",
                        "sh",
                        "-c",
                        "ip link set lo up && ip link add eth0 type veth peer name eth1 && ip link set eth1 up && ip addr add "
                                + ADDRESS
                                + "/24 dev eth0 && ip link set eth0 up && ip route add default dev eth0"
                                + " && echo up && exec sleep 300")
                .redirectErrorStream(true)
                .start();
        byte[] first = holder.getInputStream().readNBytes(2);
        Assumptions.assumeTrue(
                new String(first, StandardCharsets.UTF_8).equals("up"), "no network namespaces here, or no ip command");
        return new TestPod(holder);
    }

    /** What a command prints in the pod. */
    record Output(int status, String text) {}

    Output run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Process process = start(environment, command);
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(30, TimeUnit.SECONDS);
        return new Output(process.exitValue(), text);
    }

    Process start(Map<String, String> environment, List<String> command) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "nsenter",
                "--target",
                Long.toString(holder.pid()),
                "--user",
                "--net",
                "--mount",
                "--preserve-credentials"));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Runs the very init container of an injected pod, its mounts in {@code directory}. */
    Output runInit(Map<String, Object> pod, Path directory, Map<String, String> more)
            throws IOException, InterruptedException {
        Map<String, Object> init =
                Tree.objects(Tree.object(pod, "spec"), "initContainers").getFirst();
        Map<String, String> environment = new HashMap<>(
                Map.of("POD_NAME", "reviews-v1-0", "POD_NAMESPACE", "default", "POD_UID", "u-1", "POD_IP", ADDRESS));
        for (Map<String, Object> variable : Tree.objects(init, "env")) {
            if (variable.containsKey("value")) {
                environment.put(Tree.text(variable, "name"), Tree.text(variable, "value"));
            }
        }
        environment.putAll(more);
        Files.createDirectories(directory);
        return run(
                environment,
                Tree.list(init, "command").stream().map(String::valueOf).toList());
    }

    @Override
    public void close() {
        holder.destroyForcibly().onExit().join();
    }
}
