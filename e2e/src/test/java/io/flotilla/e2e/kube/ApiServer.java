package io.flotilla.e2e.kube;

import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.fixtures.base.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A Kubernetes API server with its etcd, on the loopback interface, in a folder of its own. It has no controllers: what
 * a test wants (endpoints, say) it writes itself.
 */
public final class ApiServer implements AutoCloseable {
    private static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("flotilla.root"), "flotilla.root"));
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration COMMAND = Duration.ofSeconds(60);
    private static final Duration BUILD = Duration.ofMinutes(15);

    private final Path folder;
    private final String token = UUID.randomUUID().toString();
    private final int port = FreePort.next();
    private final Pki pki;
    private final Daemon etcd;
    private final Daemon server;

    private ApiServer(Path folder, Path kubemini) {
        this.folder = folder;
        this.pki = Pki.create(folder.resolve("pki")).server("apiserver").tokenKey("sa");
        int etcdPort = FreePort.next();
        String etcdUrl = "http://127.0.0.1:" + etcdPort;
        String peerUrl = "http://127.0.0.1:" + FreePort.next();
        this.etcd = new Daemon(
                List.of(
                        "etcd",
                        "--data-dir=" + data(),
                        "--listen-client-urls=" + etcdUrl,
                        "--advertise-client-urls=" + etcdUrl,
                        "--listen-peer-urls=" + peerUrl,
                        "--initial-advertise-peer-urls=" + peerUrl,
                        "--initial-cluster=default=" + peerUrl,
                        "--unsafe-no-fsync"),
                Map.of(),
                folder.resolve("etcd.log"));
        this.server = new Daemon(
                List.of(
                        kubemini.toString(),
                        "--certs=" + folder.resolve("pki"),
                        "--port=" + port,
                        "--etcd=" + etcdUrl,
                        "--admin-token=" + token),
                Map.of(),
                folder.resolve("kubemini.log"));
    }

    /**
     * Starts both in a folder and returns once they answer.
     *
     * @throws AssertionError naming what this machine lacks
     */
    public static ApiServer start(Path folder) {
        ApiServer api = new ApiServer(folder, kubemini());
        try {
            Files.writeString(api.kubeconfig(), api.kubeconfigText());
            api.startEtcd();
            api.startServer();
            return api;
        } catch (IOException e) {
            api.close();
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            api.close();
            throw e;
        }
    }

    /** Builds kubemini unless that was done before; minutes, the first time. */
    private static Path kubemini() {
        need("etcd", "etcd-server");
        need("kubectl", "kubernetes-client, or from the Kubernetes project: 1.30 or later");
        need("go", "from the Go project: 1.26 or later");
        Path source = ROOT.resolve("e2e/kubemini/build");
        Command built =
                Command.run(ROOT, Map.of(), BUILD, List.of(source.toString())).orFail();
        return Path.of(built.out().strip());
    }

    private static void need(String program, String from) {
        if (Command.run(Path.of("/"), Map.of(), COMMAND, List.of("sh", "-c", "command -v " + program))
                        .exit()
                != 0) {
            throw new AssertionError("no " + program + " on the PATH (" + from + ")");
        }
    }

    private Path data() {
        return folder.resolve("etcd");
    }

    /** Points kubectl and clients at this server, as its administrator. */
    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    public String url() {
        return "https://127.0.0.1:" + port;
    }

    /** The administrator's bearer token. */
    public String token() {
        return token;
    }

    /** The authority of this server's certificate; other servers of a test may have theirs from it too. */
    public Pki pki() {
        return pki;
    }

    private String kubeconfigText() {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: test, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: admin, user: {token: "%s"}}]
                contexts: [{name: test, context: {cluster: test, user: admin}}]
                current-context: test
                """.formatted(url(), pki.authority(), token);
    }

    public void startEtcd() {
        etcd.start();
    }

    /** Returns once it answers; etcd must run. */
    public void startServer() {
        server.start();
        Eventually.holds(START, () -> etcd.output() + server.output(), () -> server.alive() && answers());
    }

    private boolean answers() {
        return kubectl("get", "namespace", "default", "-o", "name").exit() == 0;
    }

    /** As by kill -9. */
    public void killServer() {
        server.kill();
    }

    /** As by kill -9. */
    public void killEtcd() {
        etcd.kill();
    }

    /** Forgets everything that was stored; etcd must not run. */
    public void wipe() {
        if (etcd.alive()) {
            throw new IllegalStateException("etcd runs");
        }
        Command.run(folder, Map.of(), COMMAND, List.of("rm", "-rf", data().toString()))
                .orFail();
    }

    /** Runs kubectl as administrator; the exit code is for the caller to judge. */
    public Command kubectl(String... arguments) {
        List<String> line = new ArrayList<>(List.of("kubectl", "--kubeconfig=" + kubeconfig()));
        line.addAll(List.of(arguments));
        return Command.run(
                folder, Map.of("KUBECACHEDIR", folder.resolve("cache").toString()), COMMAND, line);
    }

    /** Runs kubectl apply with manifests; the exit code is for the caller to judge. */
    public Command apply(String manifests) {
        try {
            Path file = Files.createTempFile(folder, "apply", ".yaml");
            Files.writeString(file, manifests);
            return kubectl("apply", "-f", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Applies manifests once the server takes them: a CRD is not served the moment it is made. */
    public void applyOrFail(String manifests) {
        StringBuilder last = new StringBuilder();
        Eventually.holdsSlowly(START, last::toString, () -> {
            Command done = apply(manifests);
            last.setLength(0);
            last.append(done.out()).append(done.err());
            return done.exit() == 0;
        });
    }

    /** Installs the CRDs of the project's kinds and returns once each is served. */
    public void installCrds() {
        kubectl(
                        "apply",
                        "--server-side",
                        "-k",
                        ROOT.resolve("deploy/kustomize/base/crds").toString())
                .orFail();
        kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
                .orFail();
    }

    /** What both wrote. */
    public String output() {
        return etcd.output() + server.output();
    }

    @Override
    public void close() {
        server.kill();
        etcd.kill();
    }
}
