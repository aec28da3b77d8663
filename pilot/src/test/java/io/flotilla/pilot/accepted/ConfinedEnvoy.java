package io.flotilla.pilot.accepted;

import io.flotilla.fixtures.envoy.EnvoyBinary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real Envoy in namespaces of its own, where all ports and sockets are free: it takes listeners as they are sent. */
final class ConfinedEnvoy implements AutoCloseable {
    private static final String IN_NAMESPACE =
            "ip link set lo up && mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"";

    private final Process process;
    private final Path folder;
    private final List<SocketRelay> relays;

    private ConfinedEnvoy(Process process, Path folder, List<SocketRelay> relays) {
        this.process = process;
        this.folder = folder;
        this.relays = relays;
    }

    /** Of the control plane. */
    record Ports(int pilot, int citadel) {}

    /**
     * Starts one.
     *
     * @param node    JSON
     * @param api     GRPC or DELTA_GRPC
     * @param sockets a folder that each Envoy has for itself, under this name
     */
    static ConfinedEnvoy start(String node, String api, Ports ports, Path sockets, Path folder) throws Exception {
        Assumptions.assumeTrue(confines(), "no network namespaces: run as root on Linux");
        List<SocketRelay> relays = List.of(
                new SocketRelay(folder.resolve("xds"), ports.pilot()),
                new SocketRelay(folder.resolve("citadel"), ports.citadel()));
        Path own = Files.createDirectory(folder.resolve("sockets"));
        Path bootstrap = Files.writeString(folder.resolve("bootstrap.json"), bootstrap(node, api, folder));
        List<String> envoy = List.of(
                EnvoyBinary.found().toString(),
                "-c",
                bootstrap.toString(),
                "--disable-hot-restart",
                "--drain-time-s",
                "1",
                "--concurrency",
                "1",
                "-l",
                "warning");
        ProcessBuilder builder = new ProcessBuilder(
                "unshare", "--net", "--mount", "sh", "-c", IN_NAMESPACE, "sh", own.toString(), sockets.toString());
        builder.command().addAll(envoy);
        builder.environment().put("POD_NAME", "test");
        builder.environment().put("POD_NAMESPACE", "default");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("envoy.log").toFile())
                .start();
        return new ConfinedEnvoy(process, folder, relays);
    }

    private static boolean confines() throws Exception {
        Process probe = new ProcessBuilder("unshare", "--net", "--mount", "true").start();
        return probe.waitFor(5, TimeUnit.SECONDS) && probe.exitValue() == 0;
    }

    /** An answer of the admin interface; empty while there is none. */
    String admin(String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("admin")))) {
            channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nhost: admin\r\nconnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
            return body(Channels.newInputStream(channel).readAllBytes());
        } catch (IOException e) {
            return "";
        }
    }

    // Chunks, as Envoy's admin sends everything.
    private static String body(byte[] answer) throws IOException {
        InputStream in = new ByteArrayInputStream(answer);
        String line = line(in);
        while (!line.isEmpty()) {
            line = line(in);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = size(in); size > 0; size = size(in)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private static int size(InputStream in) throws IOException {
        String line = line(in);
        return line.isEmpty() ? 0 : Integer.parseInt(line, 16);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** What it said, for messages of failed tests. */
    String log() throws IOException {
        return Files.readString(folder.resolve("envoy.log"));
    }

    private static String bootstrap(String node, String api, Path folder) {
        return """
            {"node":%s,
             "admin":{"address":{"pipe":{"path":"%s"}}},
             "dynamic_resources":{
               "ads_config":{"api_type":"%s","transport_api_version":"V3","set_node_on_first_message_only":true,
                 "grpc_services":[{"envoy_grpc":{"cluster_name":"xds"}}]},
               "cds_config":{"ads":{},"resource_api_version":"V3"},
               "lds_config":{"ads":{},"resource_api_version":"V3"}},
             "static_resources":{"clusters":[%s,%s,%s]}}
            """.formatted(
                        node,
                        folder.resolve("admin"),
                        api,
                        cluster("xds", folder),
                        cluster("citadel", folder),
                        cluster("sds-gateway", folder));
    }

    private static String cluster(String name, Path folder) {
        return """
            {"name":"%s","type":"STATIC","connect_timeout":"1s",
             "typed_extension_protocol_options":{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions":{
               "@type":"type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
               "explicit_http_config":{"http2_protocol_options":{}}}},
             "load_assignment":{"cluster_name":"%s","endpoints":[{"lb_endpoints":[{"endpoint":{"address":{
               "pipe":{"path":"%s"}}}}]}]}}
            """.formatted(name, name, folder.resolve(name));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        for (SocketRelay relay : relays) {
            relay.close();
        }
    }
}
