package io.flotilla.bench.serving;

import io.flotilla.discovery.TypeUrls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Memory of Galley and Pilot while all proxies come back at once, beside what they take when nothing happens; as new
 * proxies, then as such that tell what they hold. Arguments: CHECKOUT (with galley and pilot packaged), SERVICES, STREAMS,
 * and how often.
 */
public final class ReconnectBench {
    private static final int ENDPOINTS = 10;
    private static final long QUIET_MILLIS = 10_000;

    private ReconnectBench() {}

    public static void main(String[] arguments) throws Exception {
        int services = Integer.parseInt(arguments[1]);
        int streams = Integer.parseInt(arguments[2]);
        Path work = Files.createTempDirectory("reconnect");
        new MeshFolder(work.resolve("mesh"), services, ENDPOINTS);
        List<Player> players = IntStream.range(0, streams).mapToObj(Player::new).toList();
        try (ControlPlane plane = new ControlPlane(
                Path.of(arguments[0]),
                work.resolve("mesh"),
                1,
                work.resolve("log").toFile())) {
            connect(plane, players, services, false, "connect");
            for (int round = 0; round < Integer.parseInt(arguments[3]); round++) {
                connect(plane, players, services, false, "reconnect");
                connect(plane, players, services, true, "resume");
            }
            players.forEach(Player::disconnect);
        }
    }

    private static void connect(ControlPlane plane, List<Player> players, int services, boolean keep, String name)
            throws Exception {
        long steady = now(plane);
        for (ServerProcess each : plane.processes()) {
            each.forgetHighest();
        }
        ControlPlane.Cost before = plane.cost();
        long start = System.nanoTime();
        players.forEach(Player::disconnect);
        long messages = players.stream().mapToLong(Player::messages).sum();
        players.forEach(player -> player.connect(plane.port(0), keep));
        ControlPlane.await(() -> keep
                ? players.stream().mapToLong(Player::messages).sum() - messages >= 2L * players.size()
                : players.stream().allMatch(player -> player.size(TypeUrls.VIRTUAL_HOST) > services));
        long millis = (System.nanoTime() - start) / 1_000_000;
        Thread.sleep(QUIET_MILLIS);
        ControlPlane.Cost cost = plane.cost().since(before);
        long highest = 0;
        for (ServerProcess each : plane.processes()) {
            highest += each.residentMegabytes();
        }
        System.out.printf(
                "%-9s %5d ms, processor %5d ms (galley %d, compilers %d); resident before %d MB, highest %d MB (%.2f times), now %d MB; live heap: galley %d MB, pilot %d MB%n",
                name,
                millis,
                cost.all(),
                cost.galley(),
                cost.compilers(),
                steady,
                highest,
                (double) highest / steady,
                now(plane),
                plane.galley().liveMegabytes(),
                plane.pilots().getFirst().liveMegabytes());
    }

    private static long now(ControlPlane plane) throws IOException {
        long sum = 0;
        for (ServerProcess each : plane.processes()) {
            sum += each.residentNowMegabytes();
        }
        return sum;
    }
}
