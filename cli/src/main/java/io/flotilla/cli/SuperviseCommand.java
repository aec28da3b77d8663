package io.flotilla.cli;

import io.flotilla.mesh.Rehearsal;
import io.flotilla.mesh.Supervisor;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The inner side of {@code up}. */
@Command(name = "supervise", hidden = true)
final class SuperviseCommand implements Callable<Integer> {
    @Parameters(index = "0")
    private Path state;

    @Option(names = "--rehearse", description = "Only so that archives of classes are left.")
    private boolean rehearsal;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rehearsal) {
            new Rehearsal(new StateFolder(state), Installation.home()).run();
        } else {
            new Supervisor(new StateFolder(state)).run();
        }
        return ExitCode.DONE;
    }
}
