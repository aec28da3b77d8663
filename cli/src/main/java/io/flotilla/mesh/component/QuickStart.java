package io.flotilla.mesh.component;

import io.flotilla.mesh.process.Environment;
import io.flotilla.mesh.process.ProcessSpec;
import io.flotilla.mesh.process.Supervised;
import io.flotilla.mesh.state.OwnCopy;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Once after a build: the programs of a mesh are run for a moment without pods, so that they leave the archives of
 * classes with which they start from then on.
 */
public final class QuickStart {
    private QuickStart() {}

    /**
     * Makes what is missing; a failure leaves programs that start more slowly.
     *
     * @param mesh in whose folder it works, and whose end is the end of what was left here by force
     * @param say  told what takes time
     */
    public static void prepare(StateFolder mesh, Path home, Map<String, String> caller, Consumer<String> say)
            throws InterruptedException {
        ClassArchive supervisor = ClassArchive.ofSupervisor(home);
        List<ClassArchive> archives = new ArrayList<>(ClassArchive.ofPrograms(home));
        archives.add(supervisor);
        if (archives.stream().allMatch(ClassArchive::isCurrent)
                || !archives.stream().allMatch(ClassArchive::isWritable)) {
            return;
        }
        say.accept("a new build: its services are run once, to start twice as fast from now on");
        StateFolder state = new StateFolder(mesh.root().resolve("classes"));
        try {
            state.create();
            try {
                rehearse(mesh, state, home, caller, supervisor.write());
                if (!supervisor.keep()) {
                    say.accept("no archive of the supervisor's classes was left; it starts as before");
                }
            } finally {
                state.delete();
            }
        } catch (IOException e) {
            say.accept("services start as slowly as before: " + e.getMessage());
        }
    }

    private static void rehearse(
            StateFolder mesh, StateFolder state, Path home, Map<String, String> caller, List<String> archive)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(supervisor(System.getProperty("java.home"), home, archive, OwnCopy.jar(mesh)));
        command.addAll(List.of("--rehearse", state.root().toString()));
        ProcessSpec spec = new ProcessSpec(
                "rehearsal",
                command,
                Environment.of(mesh, caller, Map.of("JAVA_HOME", System.getProperty("java.home"))),
                mesh.logs().resolve("rehearsal.log"));
        Process process = Supervised.launch(spec);
        Thread end = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(end);
        process.waitFor();
        Runtime.getRuntime().removeShutdownHook(end);
    }

    /** The command of a supervisor, without its arguments. */
    public static List<String> supervisor(String java, Path home, List<String> archive, Path jar) {
        List<String> command = new ArrayList<>(List.of(
                java + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders",
                "-XX:-UsePerfData",
                "-Xmx160m",
                "-Xss512k",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(archive);
        command.addAll(List.of("-Dflotilla.home=" + home, "-jar", jar.toString(), "supervise"));
        return List.copyOf(command);
    }
}
