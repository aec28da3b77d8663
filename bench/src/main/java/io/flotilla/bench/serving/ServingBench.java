package io.flotilla.bench.serving;

import io.flotilla.discovery.TypeUrls;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Processor time of Galley and Pilot by phase, beside a program that only sends the same bytes. Arguments: CHECKOUT (with
 * galley and pilot packaged), SERVICES, STREAMS, ROUNDS and, where it is not 20, EDITS of each kind;
 * the first round is cold. With -Dwarm=16 this many rounds come before, of which nothing is measured. With -Dgap=60
 * this many milliseconds pass between two edits, and between what the limit sends of them: a machine that slept answers
 * more slowly.
 */
public final class ServingBench implements AutoCloseable {
    private static final long TOLERANCE = 1_000;
    private static final int ENDPOINTS = 10;
    // After these the limit's compilers have little left to do.
    private static final int PASSES = 8;
    private static final int EDITS_FOR_ALL_RULES = 20;
    private static final int GAP = Integer.getInteger("gap", 0);
    private static final int WARM = Integer.getInteger("warm", 0);

    private final int edits;
    private final Path work = Files.createTempDirectory("serving");
    private final MeshFolder mesh;
    private final List<Player> players;
    private final ControlPlane plane;
    private final List<Phase> phases = new ArrayList<>();
    private int edit = 1;
    private int added;
    private boolean measured;

    /** How the streams of a phase begin. */
    private enum Streams {
        /** They are there. */
        STAY,
        /** They come and know nothing. */
        NEW,
        /** They come and tell what they hold: the limit is told it too. */
        TELLING
    }

    /** What one phase cost, and what its representative streams got. */
    private record Phase(
            String name,
            int events,
            ControlPlane.Cost cost,
            long bytes,
            long messages,
            Streams streams,
            List<List<byte[]>> frames) {}

    private interface Step {
        void run() throws Exception;
    }

    private ServingBench(Path checkout, int services, int streams, int edits) throws Exception {
        this.edits = edits;
        mesh = new MeshFolder(work.resolve("mesh"), services, ENDPOINTS);
        players = IntStream.range(0, streams).mapToObj(Player::new).toList();
        plane = new ControlPlane(
                checkout, work.resolve("mesh"), 1, work.resolve("log").toFile());
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[3]);
        int edits = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 20;
        try (ServingBench bench = new ServingBench(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), edits)) {
            for (int round = 1; round <= WARM; round++) {
                bench.round();
            }
            bench.measured = true;
            for (int round = 1; round <= rounds; round++) {
                bench.phases.clear();
                bench.round();
                bench.report(WARM + round, WARM > 0 ? PASSES : Math.min(1, round - 1));
            }
        }
    }

    private void round() throws Exception {
        int routed = mesh.services() / MeshFolder.ROUTED_EVERY;
        connect("connect", Streams.NEW);
        edits("endpoint", 1, number -> mesh.service(number, edit++), "outbound|80||%s"::formatted);
        edits("route", MeshFolder.ROUTED_EVERY, number -> mesh.route(number, 1 + edit++ % 98), "80/%s:80"::formatted);
        phase("add", edits, Streams.STAY, () -> {
            for (int i = 0; i < edits; i++) {
                int number = mesh.services() + added++;
                players.forEach(player -> player.watch(("outbound|80||" + MeshFolder.host(number))::equals));
                mesh.service(number, 0);
                ControlPlane.await(() -> players.stream().allMatch(player -> player.seen() >= 2));
                Thread.sleep(GAP);
            }
        });
        int times = Math.max(1, edits / EDITS_FOR_ALL_RULES);
        phase("full", times, Streams.STAY, () -> {
            for (int time = 0; time < times; time++) {
                players.forEach(player -> player.watch(name -> name.startsWith("outbound|")));
                int seconds = 5 + edit++ % 50;
                for (int i = 0; i < routed; i++) {
                    mesh.rule(i * MeshFolder.ROUTED_EVERY, seconds);
                }
                ControlPlane.await(() -> players.stream().allMatch(player -> player.seen() >= 6 * routed));
            }
        });
        players.forEach(Player::disconnect);
        connect("reconnect", Streams.NEW);
        players.forEach(Player::disconnect);
        connect("resume", Streams.TELLING);
        players.forEach(Player::disconnect);
        // Each round is of a mesh of the same size.
        while (added > 0) {
            mesh.forget(mesh.services() + --added);
        }
        quiet();
    }

    private void connect(String name, Streams streams) throws Exception {
        boolean keep = streams == Streams.TELLING;
        phase(name, 1, streams, () -> {
            long before = players.stream().mapToLong(Player::messages).sum();
            players.forEach(player -> player.connect(plane.port(0), keep));
            int hosts = mesh.services() + added;
            ControlPlane.await(() -> keep
                    ? players.stream().mapToLong(Player::messages).sum() - before >= 2L * players.size()
                    : players.stream().allMatch(player -> player.size(TypeUrls.VIRTUAL_HOST) > hosts));
        });
    }

    private interface Edit {
        void of(int number) throws IOException;
    }

    private void edits(String name, int every, Edit change, java.util.function.UnaryOperator<String> resource)
            throws Exception {
        phase(name, edits, Streams.STAY, () -> {
            for (int i = 0; i < edits; i++) {
                int number = i * every % mesh.services();
                Predicate<String> awaited = resource.apply(MeshFolder.host(number))::equals;
                players.forEach(player -> player.watch(awaited));
                change.of(number);
                ControlPlane.await(() -> players.stream().allMatch(player -> player.seen() >= 1));
                Thread.sleep(GAP);
            }
        });
    }

    private void phase(String name, int events, Streams streams, Step step) throws Exception {
        System.err.println("phase " + name);
        if (!measured) {
            step.run();
            return;
        }
        players.forEach(player -> player.record(true));
        long bytes = players.stream().mapToLong(Player::bytes).sum();
        long messages = players.stream().mapToLong(Player::messages).sum();
        ControlPlane.Cost before = plane.cost();
        step.run();
        quiet();
        List<List<byte[]>> frames = new ArrayList<>();
        for (Player player : players) {
            List<byte[]> kept = player.record(false);
            if (frames.size() < MeshFolder.NAMESPACES) {
                frames.add(kept);
            }
        }
        phases.add(new Phase(
                name,
                events,
                plane.cost().since(before),
                players.stream().mapToLong(Player::bytes).sum() - bytes,
                players.stream().mapToLong(Player::messages).sum() - messages,
                streams,
                frames));
    }

    /** Milliseconds of processor time of the program that sends a phase's bytes, and of it its compilers'. */
    private record Limit(long all, long compilers) {
        static Limit of(ServerProcess process) throws IOException {
            return new Limit(process.cpuMillis(), process.compilerMillis());
        }

        Limit since(Limit earlier) {
            return new Limit(all - earlier.all, compilers - earlier.compilers);
        }

        /** How often a cost is that of the limit. */
        double times(ControlPlane.Cost cost) {
            return (double) cost.all() / Math.max(1, all);
        }

        /** The same where compilers count on neither side. */
        double timesWithoutCompilers(ControlPlane.Cost cost) {
            return (double) (cost.all() - cost.compilers()) / Math.max(1, all - compilers);
        }
    }

    /**
     * Prints a round.
     *
     * @param earlier how often the limit has done the same before it is measured
     */
    private void report(int round, int earlier) throws Exception {
        Path file = work.resolve("frames");
        try (DataOutputStream out =
                new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(phases.size());
            for (Phase phase : phases) {
                out.writeInt(phase.frames().size());
                for (List<byte[]> frames : phase.frames()) {
                    out.writeInt(frames.size());
                    for (byte[] frame : frames) {
                        out.writeInt(frame.length);
                        out.write(frame);
                    }
                }
            }
        }
        try (ServerProcess limit = new ServerProcess(
                System.getProperty("limit.heap", "500m"),
                List.of("-cp", System.getProperty("java.class.path"), LimitServer.class.getName(), file.toString()),
                Map.of(),
                work.resolve("log").toFile())) {
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(limit.process.getInputStream(), StandardCharsets.UTF_8));
            int port = Integer.parseInt(said.readLine());
            PrintStream commands = new PrintStream(limit.process.getOutputStream(), true, StandardCharsets.UTF_8);
            for (int pass = 0; pass < earlier; pass++) {
                limits(limit, commands, port, false);
            }
            List<Limit> limits = limits(limit, commands, port, true);
            for (int i = 0; i < phases.size(); i++) {
                Phase phase = phases.get(i);
                System.out.printf(
                        Locale.ROOT,
                        "round %d %-9s %7.1f KB %3d messages; ms an event: %7.1f (galley %6.1f, pilot %7.1f, compilers %6.1f), limit %7.1f (compilers %5.1f), ratio %.1f, without compilers on either side %.1f%n",
                        round,
                        phase.name(),
                        phase.bytes() / 1e3 / players.size() / phase.events(),
                        phase.messages() / players.size(),
                        (double) phase.cost().all() / phase.events(),
                        (double) phase.cost().galley() / phase.events(),
                        (double) phase.cost().pilot() / phase.events(),
                        (double) phase.cost().compilers() / phase.events(),
                        (double) limits.get(i).all() / phase.events(),
                        (double) limits.get(i).compilers() / phase.events(),
                        limits.get(i).times(phase.cost()),
                        limits.get(i).timesWithoutCompilers(phase.cost()));
            }
        }
        System.out.println("highest resident: galley " + plane.galley().residentMegabytes() + " MB, pilot "
                + plane.pilots().getFirst().residentMegabytes() + " MB");
    }

    /** The limit's processor time of each phase; it must have sent as many bytes. */
    private List<Limit> limits(ServerProcess limit, PrintStream commands, int port, boolean counts) throws Exception {
        List<Limit> all = new ArrayList<>();
        List<Player> sinks = List.of();
        for (int i = 0; i < phases.size(); i++) {
            Phase phase = phases.get(i);
            boolean keep = phase.streams() == Streams.TELLING;
            if (phase.streams() != Streams.STAY) {
                sinks.forEach(Player::disconnect);
            }
            if (phase.streams() == Streams.NEW) {
                sinks = IntStream.range(0, players.size()).mapToObj(Player::new).toList();
            }
            List<Player> now = sinks;
            Limit start = Limit.of(limit);
            long before = now.stream().mapToLong(Player::bytes).sum();
            if (phase.streams() != Streams.STAY) {
                commands.println(-i - 1 + " 0 1");
                Thread.sleep(100);
                now.forEach(player -> player.connect(port, keep));
                ControlPlane.await(() -> now.stream().mapToLong(Player::bytes).sum() - before >= phase.bytes());
            } else {
                long got = now.stream().mapToLong(Player::messages).sum();
                for (int event = 0; event < phase.events(); event++) {
                    for (int player = 0; player < now.size(); player++) {
                        got += Part.of(
                                        phase.frames()
                                                .get(player % phase.frames().size()),
                                        event,
                                        phase.events())
                                .size();
                    }
                    commands.println(i + " " + event + " " + phase.events());
                    long awaited = got;
                    ControlPlane.await(
                            () -> now.stream().mapToLong(Player::messages).sum() >= awaited);
                    Thread.sleep(GAP);
                }
            }
            if (counts) {
                quiet();
            }
            long sent = now.stream().mapToLong(Player::bytes).sum() - before;
            // Some streams play what others recorded; one that was behind for a moment got fewer versions.
            if (Math.abs(sent - phase.bytes()) * TOLERANCE > phase.bytes()) {
                throw new IllegalStateException(
                        phase.name() + ": the limit sent " + sent + " bytes, not " + phase.bytes());
            }
            all.add(Limit.of(limit).since(start));
        }
        sinks.forEach(Player::disconnect);
        return all;
    }

    // Acknowledgements, and what the services do after a change (analysis, above all), belong to it.
    private static void quiet() throws InterruptedException {
        Thread.sleep(4_000);
    }

    @Override
    public void close() {
        players.forEach(Player::disconnect);
        plane.close();
    }
}
