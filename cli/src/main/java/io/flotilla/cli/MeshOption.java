package io.flotilla.cli;

import io.flotilla.mesh.state.MeshSpec;
import io.flotilla.mesh.state.StateFolder;
import java.nio.file.Files;
import picocli.CommandLine.Option;

/** Which local mesh a command means. */
final class MeshOption {
    @Option(
            names = "--name",
            paramLabel = "MESH",
            defaultValue = "${env:FLOTILLA_NAME:-default}",
            description = "The local mesh (default: ${DEFAULT-VALUE}; environment FLOTILLA_NAME).")
    private String name;

    String name() {
        return name;
    }

    /** The mesh's folder, whether there is one or not. */
    StateFolder folder() {
        return StateFolder.of(name, System.getenv());
    }

    /** The folder of a mesh that was started. */
    StateFolder existing() {
        StateFolder folder = folder();
        if (!Files.exists(folder.meshFile())) {
            throw CommandFailure.couldNotRun("there is no local mesh \"" + name
                    + "\"; start one with \"flotilla up\" (a Kubernetes cluster cannot be steered by this version)");
        }
        return folder;
    }

    MeshSpec spec() {
        return MeshSpec.readFrom(existing());
    }
}
