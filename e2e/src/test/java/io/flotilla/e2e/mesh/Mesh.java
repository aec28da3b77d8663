package io.flotilla.e2e.mesh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.load.HttpConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A local mesh, started and steered by the flotilla command alone. */
public final class Mesh {
    public static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("flotilla.root"), "flotilla.root"));
    public static final Path BOOKINFO = ROOT.resolve("samples/bookinfo");
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
    private static final Duration UP_LIMIT = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A root is replaced in seconds, once somebody says so: the suite's services look at its file every two seconds. Keys
     * of {@link Accounts} are those of a pod.
     */
    private static final Map<String, String> SHARED = Map.of(
            "FLOTILLA_JWKS_ALLOW_PRIVATE",
            "true",
            "FLOTILLA_AUTHORITY_POLL",
            "500ms",
            "FLOTILLA_ROTATION_PROPAGATION",
            "8s",
            "FLOTILLA_ROTATION_WAIT_OUT",
            "1s");

    private static @Nullable Mesh shared;

    private final String name;
    private final Path checkout;
    private final List<String> prefix;
    private final Map<String, String> environment;

    private Mesh(String name, Path checkout, List<String> prefix, Map<String, String> environment) {
        this.name = name;
        this.checkout = checkout;
        this.prefix = prefix;
        this.environment = environment;
    }

    /** The one mesh with bookinfo that most tests share; started on first use, stopped when the tests end. */
    public static synchronized Mesh bookinfo() {
        if (shared == null) {
            // A running mesh may be named, to look at one test again and again.
            String running = System.getProperty("flotilla.mesh", "");
            String name = running.isEmpty() ? "e2e-" + ProcessHandle.current().pid() : running;
            Mesh mesh = new Mesh(name, ROOT, List.of(), SHARED);
            if (running.isEmpty()) {
                Runtime.getRuntime().addShutdownHook(new Thread(mesh::down));
                demandNamespaces(mesh.up().orFail());
            }
            shared = mesh;
        }
        return shared;
    }

    // Without them pods have no network of their own, and half of the tests fail for reasons that say nothing of it.
    private static void demandNamespaces(Command up) {
        up.err()
                .lines()
                .filter(line -> line.contains("going on without namespaces"))
                .forEach(line -> {
                    throw new AssertionError(
                            "the tests of a whole mesh need network namespaces, which up did not have: " + line);
                });
    }

    /** A mesh of its own, not started; who asks for it calls {@link #up} and {@link #down}. */
    public static Mesh named(String name) {
        return new Mesh(name, ROOT, List.of(), Map.of());
    }

    /**
     * A mesh that an ordinary user starts; only root can ask for it.
     *
     * @param user number of the user, and of its group
     * @param home a folder of that user's that has "envoy" and "checkout"
     */
    public static Mesh ofUser(String name, int user, Path home) {
        return new Mesh(
                name,
                home.resolve("checkout"),
                asUser(user),
                Map.of(
                        "HOME",
                        home.toString(),
                        "FLOTILLA_ENVOY",
                        home.resolve("envoy").toString()));
    }

    /** What is put before a command to run it as an ordinary user. */
    public static List<String> asUser(int user) {
        return List.of("setpriv", "--reuid", "" + user, "--regid", "" + user, "--clear-groups", "--");
    }

    public String name() {
        return name;
    }

    public Command up(String... options) {
        List<String> line = new ArrayList<>(List.of("up", "--detach", "--ports", "auto"));
        line.addAll(List.of(options));
        return command(UP_LIMIT, line);
    }

    public void down() {
        command(COMMAND_LIMIT, List.of("down"));
    }

    /** {@code ./flotilla ARGUMENTS --name NAME}; what was built by the running build is used as it is. */
    public Command flotilla(String... arguments) {
        return command(COMMAND_LIMIT, List.of(arguments));
    }

    private Command command(Duration limit, List<String> arguments) {
        List<String> line = new ArrayList<>(prefix);
        line.add(checkout.resolve("flotilla").toString());
        line.addAll(arguments);
        Map<String, String> all = new TreeMap<>(environment);
        all.put("FLOTILLA_NO_BUILD", "1");
        all.put("FLOTILLA_NAME", name);
        return Command.run(checkout, all, limit, line);
    }

    public MeshStatus status() {
        Command status = flotilla("status", "-o", "json");
        try {
            return JSON.readValue(status.out(), MeshStatus.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError("status is no JSON: " + status.out() + status.err(), e);
        }
    }

    /** The same as its supervisor last wrote it: to ask often, since each command is a process that takes its share. */
    public MeshStatus written(MeshStatus before) {
        return read(Path.of(before.stateDir()).resolve("status.json"));
    }

    private static MeshStatus read(Path file) {
        try {
            return JSON.readValue(Files.readString(file), MeshStatus.class);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }

    /** Applies files of samples/bookinfo, as a user does. */
    public void applySample(String... files) {
        List<String> command = new ArrayList<>(List.of("apply"));
        for (String file : files) {
            command.addAll(List.of(
                    "-f", checkout.resolve("samples/bookinfo").resolve(file).toString()));
        }
        flotilla(command.toArray(String[]::new)).orFail();
    }

    /** Applies a manifest given as text; the answer is for the caller to judge. */
    public Command tryApply(String manifest) {
        try {
            Path file = Files.createTempFile("manifest", ".yaml");
            Files.writeString(file, manifest);
            Command applied = flotilla("apply", "-f", file.toString());
            Files.delete(file);
            return applied;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void apply(String manifest) {
        tryApply(manifest).orFail();
    }

    /**
     * Edits an object past the command: each text replaces its file in the folder that Galley watches, by a rename, so
     * that an edit costs nothing but itself.
     *
     * @param file name in the mesh's folder of the default namespace
     */
    public Consumer<String> editor(String file) {
        Path target = Path.of(status().stateDir()).resolve("config/default").resolve(file);
        Path part = target.resolveSibling("." + file + ".part");
        return manifest -> {
            try {
                Files.writeString(part, manifest);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    public void delete(String kind, String objectName) {
        flotilla("delete", kind, objectName).orFail();
    }

    /** Runs a command inside a pod, as its application would. */
    public Command exec(String pod, String... command) {
        return flotilla(
                Stream.concat(Stream.of("exec", pod, "--"), Stream.of(command)).toArray(String[]::new));
    }

    /** What {@link io.flotilla.e2e.load.OneCall} prints in a pod. */
    public String callFrom(String pod, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                ROOT.resolve("e2e/target/test-classes").toString(),
                "io.flotilla.e2e.load.OneCall"));
        command.addAll(List.of(arguments));
        return exec(pod, command.toArray(String[]::new)).orFail().out();
    }

    /** Routes a path of the ingress gateway straight to a service: one hop instead of the page's four. */
    public void openEdge(String service) {
        apply("""
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: %1$s-edge, namespace: default}
            spec:
              hosts: ["*"]
              gateways: [bookinfo-gateway]
              http:
              - match: [{uri: {prefix: /%1$s}}]
                route: [{destination: {host: %1$s, port: {number: 9080}}}]
            """.formatted(service));
        Bookinfo.awaitAll(ingress("/" + service + "/0"), "the edge of " + service, Duration.ofSeconds(60), Answer::ok);
    }

    public void closeEdge(String service) {
        delete("virtualservice", service + "-edge");
    }

    /** A call to the ingress gateway, from the host. */
    public Call ingress(String path) {
        return Call.get("127.0.0.1", status().port("ingress-http"), path);
    }

    /** Calls until the answer is as wanted. */
    public void awaitAnswer(Call call, Duration limit, java.util.function.Predicate<Answer> wanted) {
        Answer[] last = new Answer[1];
        Eventually.holds(limit, () -> call + " was last answered by " + last[0], () -> {
            last[0] = HttpConnection.once(call);
            return wanted.test(last[0]);
        });
    }

    public void awaitReady(Duration limit) {
        Path file = Path.of(status().stateDir()).resolve("status.json");
        MeshStatus[] last = new MeshStatus[1];
        // The command costs more than a look at the file, but knows whether those who write it live.
        Eventually.holds(limit, () -> "mesh is ready; last: " + last[0], () -> {
            if (!Files.exists(file) || !read(file).isReady()) {
                return false;
            }
            last[0] = status();
            return last[0].isReady();
        });
    }
}
