package io.flotilla.mesh.isolation;

import io.flotilla.mesh.process.Output;
import io.flotilla.mesh.process.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds out by trying which namespaces this machine gives to this user. */
public final class IsolationProbe {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String TRIAL = "mount -t tmpfs tmpfs /run && ip link set lo up"
            + " && ip link add mesh0 type bridge && ip link add v0 type veth peer name v1";
    private static final List<String> TOOLS = List.of("unshare", "nsenter", "setpriv", "ip", "iptables", "mount");

    private IsolationProbe() {}

    /**
     * The best isolation that works here.
     *
     * @param isolation what to use
     * @param obstacle  why it is not a better one; empty if it is the best
     */
    public record Finding(Isolation isolation, String obstacle) {}

    public static Finding find() {
        List<String> missing =
                TOOLS.stream().filter(tool -> Tool.find(tool).isEmpty()).toList();
        if (!missing.isEmpty()) {
            return new Finding(
                    Isolation.NONE,
                    "missing programs: " + String.join(", ", missing)
                            + " (Debian, Ubuntu: apt-get install iproute2 iptables util-linux)");
        }
        boolean root = "root".equals(System.getProperty("user.name"));
        String obstacle = "";
        for (Isolation isolation : root ? List.of(Isolation.ROOT, Isolation.USER) : List.of(Isolation.USER)) {
            Output trial = attempt(isolation);
            if (trial.exit() == 0) {
                return new Finding(isolation, "");
            }
            obstacle = trial.err().strip();
        }
        return new Finding(Isolation.NONE, "namespaces are not allowed here: " + obstacle);
    }

    private static Output attempt(Isolation isolation) {
        List<String> command = new ArrayList<>(Stream.concat(isolation.enter().stream(), Stream.of("sh", "-c", TRIAL))
                .toList());
        return Output.of(command, Map.of(), LIMIT);
    }
}
