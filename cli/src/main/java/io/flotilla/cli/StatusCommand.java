package io.flotilla.cli;

import io.flotilla.mesh.component.Http;
import io.flotilla.mesh.process.PidFile;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.StateFolder;
import io.flotilla.mesh.status.MeshStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        description = "Tells what of a local mesh runs, is ready and in sync. Exit 1 where not all is.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  flotilla status", "  flotilla status -o json"})
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private MeshOption mesh;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        output.allow("json");
        MeshStatus status = read(mesh);
        PrintWriter out = spec.commandLine().getOut();
        if (output.json()) {
            out.println(status.json());
        } else {
            print(status, out);
        }
        out.flush();
        return status.isReady() ? ExitCode.DONE : ExitCode.NO;
    }

    /** The mesh as it is now; one whose supervisor has gone is down, whatever its file says. */
    static MeshStatus read(MeshOption mesh) throws IOException {
        StateFolder state = mesh.folder();
        boolean running = PidFile.read(state.supervisorPid()).isPresent();
        if (Files.exists(state.statusFile()) && running) {
            MeshStatus status = MeshStatus.parse(Files.readString(state.statusFile()));
            return status.isReady() && !isReachable(status) ? status.withState("degraded") : status;
        }
        return MeshStatus.none(mesh.name(), state.root().toString(), running ? "starting" : "down");
    }

    /** The supervisor cannot see whether the host's end of the relay is there. */
    private static boolean isReachable(MeshStatus status) {
        Integer ingress = status.ports().get(MeshPort.INGRESS_HTTP.key());
        boolean reachable = ingress == null || Http.accepts("127.0.0.1", ingress);
        if (!reachable) {
            System.err.println(
                    "flotilla: port " + ingress
                            + " of the host does not lead into the mesh any more; \"flotilla down\" and \"flotilla up\" repair it");
        }
        return reachable;
    }

    private static void print(MeshStatus status, PrintWriter out) {
        out.println("mesh " + status.name() + ": " + status.state());
        Table components = new Table("COMPONENT", "STATE", "READY", "RESTARTS", "LAST ERROR");
        for (MeshStatus.Component each : status.components()) {
            components.row(
                    each.name(),
                    each.state().name().toLowerCase(Locale.ROOT),
                    Boolean.toString(each.ready()),
                    Integer.toString(each.restarts()),
                    each.lastError());
        }
        Table pods = new Table("POD", "NAMESPACE", "STATUS", "READY", "SYNCED", "RESTARTS", "IP", "LAST ERROR");
        for (MeshStatus.Pod pod : status.pods()) {
            pods.row(
                    pod.name(),
                    pod.namespace(),
                    pod.phase(),
                    Boolean.toString(pod.ready()),
                    Boolean.toString(pod.synced()),
                    Integer.toString(pod.restarts()),
                    pod.ip(),
                    pod.lastError());
        }
        out.println();
        out.print(components);
        out.println();
        out.print(pods);
        out.println();
        status.urls().forEach((name, url) -> out.println(name + " " + url));
        out.println("ports " + status.ports());
    }
}
