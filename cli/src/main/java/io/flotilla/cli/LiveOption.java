package io.flotilla.cli;

import io.flotilla.mesh.state.MeshPort;
import picocli.CommandLine.Option;

/** Whether a running Galley is asked, and which. */
final class LiveOption {
    @Option(names = "--live", description = "What the running Galley holds, instead of what the folder says.")
    private boolean live;

    @Option(
            names = "--galley-port",
            paramLabel = "PORT",
            description = "The same from another Galley, by its management port on this machine (a port-forward, say).")
    private int port;

    boolean given() {
        return live || port != 0;
    }

    /** The Galley that the options name, else that of a local mesh. */
    ManagementClient galley(MeshOption mesh) {
        return new ManagementClient("galley", port != 0 ? port : mesh.spec().port(MeshPort.GALLEY_MANAGEMENT));
    }
}
