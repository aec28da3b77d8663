package io.flotilla.envoy.workbench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.flotilla.fixtures.envoy.EnvoyRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A running Envoy: its ports and its admin interface. */
public final class EnvoyProcess implements AutoCloseable {
    private static final long LIMIT_NANOS = 90_000_000_000L;

    private final EnvoyRun run;
    private final int admin;
    private final Map<String, Integer> ports = new HashMap<>();

    private EnvoyProcess(EnvoyRun run, Path folder) throws IOException {
        this.run = run;
        this.admin = adminPort(folder.resolve("admin.txt"));
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!admin("/ready").contains("LIVE")) {
            pause(end);
        }
        JsonParser.parseString(admin("/listeners?format=json"))
                .getAsJsonObject()
                .getAsJsonArray("listener_statuses")
                .forEach(listener -> add(listener.getAsJsonObject()));
    }

    /** Starts it with a bootstrap in binary form ("bootstrap.pb"). */
    public static EnvoyProcess start(Path bootstrap, Path folder) throws IOException {
        EnvoyRun run = EnvoyRun.start(
                List.of(
                        "-c",
                        bootstrap.toString(),
                        "--admin-address-path",
                        folder.resolve("admin.txt").toString(),
                        "--disable-hot-restart",
                        "--concurrency",
                        "1",
                        "--file-flush-interval-msec",
                        "10",
                        "-l",
                        "warning"),
                Map.of("POD_NAME", "client", "POD_NAMESPACE", "default"),
                folder.resolve("envoy.log"));
        try {
            return new EnvoyProcess(run, folder);
        } catch (IOException | RuntimeException | Error e) {
            run.kill();
            throw e;
        }
    }

    /** The port on which a listener really listens. */
    public int port(String listener) {
        Integer port = ports.get(listener);
        if (port == null) {
            throw new AssertionError("no listener " + listener + " in " + ports);
        }
        return port;
    }

    long stat(String name) throws IOException {
        return admin("/stats?filter="
                        + java.net.URLEncoder.encode(
                                "^" + java.util.regex.Pattern.quote(name) + "$",
                                java.nio.charset.StandardCharsets.UTF_8))
                .lines()
                .filter(line -> line.startsWith(name + ": "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
                .findFirst()
                .orElse(0);
    }

    String admin(String path) throws IOException {
        return ask("GET", path);
    }

    String ask(String method, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), admin)) {
            HttpWire.write(
                    socket.getOutputStream(),
                    method + " " + path + " HTTP/1.1",
                    "localhost",
                    Map.of("connection", "close"));
            HttpWire.Message answer = HttpWire.read(socket.getInputStream(), false);
            return answer == null ? "" : answer.body();
        }
    }

    private void add(JsonObject listener) {
        JsonObject address = listener.getAsJsonObject("local_address").getAsJsonObject("socket_address");
        if (address != null) {
            ports.put(
                    listener.get("name").getAsString(),
                    address.get("port_value").getAsInt());
        }
    }

    private int adminPort(Path file) throws IOException {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!Files.exists(file) || Files.readString(file).isBlank()) {
            pause(end);
        }
        return Integer.parseInt(Files.readString(file).strip().replaceAll(".*:", ""));
    }

    private void pause(long end) {
        if (!run.isRunning() || System.nanoTime() > end) {
            String said = run.log();
            throw new AssertionError("Envoy did not start: " + said.substring(Math.max(0, said.length() - 3_000)));
        }
        java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }

    @Override
    public void close() {
        run.close();
    }
}
