package io.flotilla.bench.serving;

import io.flotilla.discovery.TypeUrls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Processor time of a change with one Pilot and with several that share its streams, in turn: what is done once, and
 * what each replica repeats. Arguments: CHECKOUT (with galley and pilot packaged), SERVICES, STREAMS, REPLICAS, ROUNDS, EDITS
 * of each kind.
 */
public final class ReplicasBench {
    private static final int ENDPOINTS = 10;
    private static final long QUIET_MILLIS = 3_000;

    private ReplicasBench() {}

    /** One control plane with its mesh and its proxies. */
    private static final class Side implements AutoCloseable {
        private final String name;
        private final MeshFolder mesh;
        private final List<Player> players;
        private final ControlPlane plane;
        private int edit = 1;

        private Side(String name, Path checkout, int services, int streams, int replicas) throws Exception {
            this.name = name;
            Path work = Files.createTempDirectory("replicas");
            mesh = new MeshFolder(work.resolve("mesh"), services, ENDPOINTS);
            players = IntStream.range(0, streams).mapToObj(Player::new).toList();
            plane = new ControlPlane(
                    checkout,
                    work.resolve("mesh"),
                    replicas,
                    work.resolve("log").toFile());
            for (int i = 0; i < streams; i++) {
                // Proxies of all namespaces at each replica, as chance spreads them.
                players.get(i).connect(plane.port(i / MeshFolder.NAMESPACES), false);
            }
            ControlPlane.await(
                    () -> players.stream().allMatch(player -> player.size(TypeUrls.VIRTUAL_HOST) > services));
        }

        private ControlPlane.Cost endpoints(int edits) throws Exception {
            return edits(edits, 1, "outbound|80||%s"::formatted, number -> mesh.service(number, edit++));
        }

        private ControlPlane.Cost routes(int edits) throws Exception {
            return edits(
                    edits,
                    MeshFolder.ROUTED_EVERY,
                    "80/%s:80"::formatted,
                    number -> mesh.route(number, 1 + edit++ % 98));
        }

        private interface Edit {
            void of(int number) throws Exception;
        }

        private ControlPlane.Cost edits(int edits, int every, UnaryOperator<String> resource, Edit change)
                throws Exception {
            Thread.sleep(QUIET_MILLIS);
            ControlPlane.Cost before = plane.cost();
            for (int i = 0; i < edits; i++) {
                int number = i * every % mesh.services();
                String awaited = resource.apply(MeshFolder.host(number));
                players.forEach(player -> player.watch(awaited::equals));
                change.of(number);
                ControlPlane.await(() -> players.stream().allMatch(player -> player.seen() >= 1));
            }
            Thread.sleep(QUIET_MILLIS);
            return plane.cost().since(before);
        }

        @Override
        public void close() {
            players.forEach(Player::disconnect);
            plane.close();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path checkout = Path.of(arguments[0]);
        int services = Integer.parseInt(arguments[1]);
        int streams = Integer.parseInt(arguments[2]);
        int replicas = Integer.parseInt(arguments[3]);
        int edits = Integer.parseInt(arguments[5]);
        try (Side one = new Side("1 pilot", checkout, services, streams, 1);
                Side many = new Side(replicas + " pilots", checkout, services, streams, replicas)) {
            for (int round = 1; round <= Integer.parseInt(arguments[4]); round++) {
                List<Side> order = new ArrayList<>(round % 2 == 0 ? List.of(one, many) : List.of(many, one));
                for (Side side : order) {
                    print(round, side, "endpoint", side.endpoints(edits), edits);
                    print(round, side, "route", side.routes(edits), edits);
                }
            }
        }
    }

    private static void print(int round, Side side, String kind, ControlPlane.Cost cost, int edits) {
        System.out.printf(
                Locale.ROOT,
                "round %d %-8s %-8s ms a change: %6.1f (galley %6.1f, pilots %6.1f, of all compilers %6.1f)%n",
                round,
                side.name,
                kind,
                (double) cost.all() / edits,
                (double) cost.galley() / edits,
                (double) cost.pilot() / edits,
                (double) cost.compilers() / edits);
    }
}
