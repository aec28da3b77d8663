package io.flotilla.mesh.isolation;

import io.flotilla.mesh.process.Output;
import io.flotilla.mesh.process.ProcessSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The place where a pod's containers run: namespaces of its own, or the host's loopback. */
public sealed interface Sandbox extends AutoCloseable {
    /** The command as it is run from the supervisor, in this place and with no more than these rights. */
    List<String> command(Rights rights, int user, List<String> command);

    /** A process that lives in the namespaces as long as they do; 0 where there are none. */
    long pid();

    @Override
    void close();

    /** Without namespaces. */
    record Shared() implements Sandbox {
        @Override
        public List<String> command(Rights rights, int user, List<String> command) {
            return command;
        }

        @Override
        public long pid() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing was made.
        }
    }

    /** A network namespace on the mesh's bridge and a mount namespace, held by a sleeping process. */
    record Namespaces(Isolation isolation, Process holder) implements Sandbox {
        private static final Duration LIMIT = Duration.ofSeconds(10);

        /**
         * Makes a pod's namespaces; runs in the outer one.
         *
         * @param address of the pod
         * @param hosts   folder of its hosts file
         * @param mounts  pairs of a folder and where the pod sees it
         */
        public static Sandbox create(
                Isolation isolation, String address, Path hosts, List<String> mounts, ProcessSpec spec)
                throws IOException {
            ProcessBuilder builder = new ProcessBuilder(Script.pod(hosts.toString(), mounts))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
            builder.environment().clear();
            builder.environment().putAll(spec.environment());
            Process holder = builder.start();
            Namespaces sandbox = new Namespaces(isolation, holder);
            try {
                awaitReady(holder);
                sandbox.connect(address);
                return sandbox;
            } catch (IOException e) {
                sandbox.close();
                throw e;
            }
        }

        private static void awaitReady(Process holder) throws IOException {
            // The reader stays open: its end is the holder's.
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
            if (!"ready".equals(said.readLine())) {
                throw new IOException("the pod's namespaces could not be made; its log tells why");
            }
        }

        private void connect(String address) throws IOException {
            String[] octets = address.split("\\.", -1);
            String outside = "p" + octets[2] + "x" + octets[3];
            String inside = ServiceRules.routed()
                    ? "addr add " + address + "/32 dev eth0\nlink set eth0 up\nroute add 10.44.0.1 dev eth0\n"
                    : "addr add " + address + "/16 dev eth0\nlink set eth0 up\n";
            inside += "route add default via 10.44.0.1\n";
            String pid = Long.toString(holder.pid());
            ip(
                    List.of(),
                    "link add " + outside + " type veth peer name eth0 netns " + pid + "\nlink set " + outside
                            + " master mesh0 up\n");
            ip(List.of("nsenter", "--target", pid, "--net", "--"), inside);
        }

        private static void ip(List<String> before, String batch) throws IOException {
            List<String> command = Stream.concat(before.stream(), Stream.of("ip", "-batch", "-"))
                    .toList();
            Output output = Output.of(command, Map.of(), batch, LIMIT);
            if (!output.ok()) {
                throw new IOException(
                        "the pod's network could not be made: " + output.err().strip());
            }
        }

        @Override
        public List<String> command(Rights rights, int user, List<String> command) {
            List<String> line = new ArrayList<>(
                    List.of("nsenter", "--target", Long.toString(holder.pid()), "--net", "--mount", "--wdns=/", "--"));
            line.addAll(rights.limit(isolation, user));
            line.addAll(command);
            return line;
        }

        @Override
        public long pid() {
            return holder.pid();
        }

        @Override
        public void close() {
            holder.destroyForcibly();
            try {
                holder.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
