package io.flotilla.bench.serving;

import io.flotilla.bench.envoy.LocalServer;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A Galley over a folder and Pilots that it feeds, each a process of its own, as they are packaged. */
final class ControlPlane implements AutoCloseable {
    private final ServerProcess galley;
    private final List<ServerProcess> pilots = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    /** Milliseconds of processor time: of Galley, of all Pilots, and of it the compilers' of all of them. */
    record Cost(long galley, long pilot, long compilers) {
        long all() {
            return galley + pilot;
        }

        Cost since(Cost earlier) {
            return new Cost(galley - earlier.galley, pilot - earlier.pilot, compilers - earlier.compilers);
        }
    }

    /** Starts it and waits until it serves. */
    ControlPlane(Path checkout, Path folder, int replicas, File log) throws Exception {
        int feed = LocalServer.freePort();
        galley = new ServerProcess(
                System.getProperty("galley.heap", "96m"),
                // As in containers: JavaOptions of cli.
                List.of("-XX:TieredStopAtLevel=1", "-jar", jar(checkout, "galley")),
                Map.of(
                        "FLOTILLA_CONFIG_DIR", folder.toString(),
                        "FLOTILLA_PORT", Integer.toString(feed),
                        "FLOTILLA_WEBHOOK_PORT", "0",
                        "FLOTILLA_MANAGEMENT_PORT", Integer.toString(LocalServer.freePort())),
                log);
        drain(galley);
        List<Integer> managements = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            ports.add(LocalServer.freePort());
            managements.add(LocalServer.freePort());
            pilots.add(new ServerProcess(
                    System.getProperty("pilot.heap", "180m"),
                    List.of("-jar", jar(checkout, "pilot")),
                    Map.of(
                            "FLOTILLA_CONFIG",
                            "xds://127.0.0.1:" + feed,
                            "FLOTILLA_PORT",
                            Integer.toString(ports.get(i)),
                            "FLOTILLA_TLS_PORT",
                            "0",
                            "FLOTILLA_MANAGEMENT_PORT",
                            Integer.toString(managements.get(i))),
                    log));
            drain(pilots.get(i));
        }
        await(() -> managements.stream().allMatch(ControlPlane::ready));
    }

    private static String jar(Path checkout, String module) {
        return checkout.resolve(module + "/target/quarkus-app/quarkus-run.jar").toString();
    }

    /** Where a proxy of this number connects. */
    int port(int proxy) {
        return ports.get(proxy % ports.size());
    }

    ServerProcess galley() {
        return galley;
    }

    List<ServerProcess> pilots() {
        return pilots;
    }

    List<ServerProcess> processes() {
        List<ServerProcess> all = new ArrayList<>(List.of(galley));
        all.addAll(pilots);
        return all;
    }

    Cost cost() throws IOException {
        long pilot = 0;
        long compilers = galley.compilerMillis();
        for (ServerProcess each : pilots) {
            pilot += each.cpuMillis();
            compilers += each.compilerMillis();
        }
        return new Cost(galley.cpuMillis(), pilot, compilers);
    }

    static void await(BooleanSupplier reached) throws InterruptedException {
        long end = System.nanoTime() + 180_000_000_000L;
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not reached within three minutes");
            }
            Thread.sleep(2);
        }
    }

    private static boolean ready(int port) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void drain(ServerProcess process) {
        Thread.ofVirtual().start(() -> {
            try (var out = process.process.getInputStream()) {
                out.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                System.err.println(e);
            }
        });
    }

    @Override
    public void close() {
        processes().forEach(ServerProcess::close);
    }
}
