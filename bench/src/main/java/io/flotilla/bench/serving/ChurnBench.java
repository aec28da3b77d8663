package io.flotilla.bench.serving;

import io.flotilla.discovery.TypeUrls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Memory of Galley and Pilot under a steady stream of changes, three of an endpoint to one of a route: live heap and
 * resident size, ten times along the way. Arguments: CHECKOUT (with galley and pilot packaged), SERVICES, STREAMS, SECONDS,
 * CHANGES per second.
 */
public final class ChurnBench {
    private static final int ENDPOINTS = 10;
    private static final int LOOKS = 10;
    private static final int KINDS = 4;

    private ChurnBench() {}

    public static void main(String[] arguments) throws Exception {
        int services = Integer.parseInt(arguments[1]);
        int seconds = Integer.parseInt(arguments[3]);
        int rate = Integer.parseInt(arguments[4]);
        Path work = Files.createTempDirectory("churn");
        MeshFolder mesh = new MeshFolder(work.resolve("mesh"), services, ENDPOINTS);
        List<Player> players = IntStream.range(0, Integer.parseInt(arguments[2]))
                .mapToObj(Player::new)
                .toList();
        try (ControlPlane plane = new ControlPlane(
                Path.of(arguments[0]),
                work.resolve("mesh"),
                1,
                work.resolve("log").toFile())) {
            players.forEach(player -> player.connect(plane.port(0), false));
            ControlPlane.await(
                    () -> players.stream().allMatch(player -> player.size(TypeUrls.VIRTUAL_HOST) > services));
            ControlPlane.Cost before = plane.cost();
            long start = System.nanoTime();
            long changes = (long) seconds * rate;
            for (long change = 0; change <= changes; change++) {
                if (change % Math.max(1, changes / LOOKS) == 0) {
                    look(plane, change, before, (System.nanoTime() - start) / 1_000_000);
                }
                edit(mesh, (int) change);
                long due = start + change * 1_000_000_000L / rate;
                Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
            }
            players.forEach(Player::disconnect);
        }
    }

    private static void edit(MeshFolder mesh, int change) throws Exception {
        if (change % KINDS == 0) {
            mesh.route(change * MeshFolder.ROUTED_EVERY % mesh.services(), 1 + change % 98);
        } else {
            mesh.service(change % mesh.services(), 1 + change);
        }
    }

    private static void look(ControlPlane plane, long change, ControlPlane.Cost before, long millis) throws Exception {
        ServerProcess pilot = plane.pilots().getFirst();
        System.out.printf(
                Locale.ROOT,
                "%6d changes after %4d s: live heap galley %d MB, pilot %d MB; resident galley %d MB, pilot %d MB (highest %d + %d); processor %.1f ms a change%n",
                change,
                millis / 1_000,
                plane.galley().liveMegabytes(),
                pilot.liveMegabytes(),
                plane.galley().residentNowMegabytes(),
                pilot.residentNowMegabytes(),
                plane.galley().residentMegabytes(),
                pilot.residentMegabytes(),
                (double) plane.cost().since(before).all() / Math.max(1, change));
    }
}
