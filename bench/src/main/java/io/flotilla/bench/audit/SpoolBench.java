package io.flotilla.bench.audit;

import com.google.protobuf.ByteString;
import io.flotilla.service.outbox.Outbox;
import io.flotilla.service.outbox.OutboxRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many records an outbox keeps per second, and how long each waits for the disk, by the number of those who wait at
 * once; beside the limit, a program that appends as many bytes and forces the disk each time. Arguments: a folder on the
 * disk in question, seconds for each (5).
 */
public final class SpoolBench {
    private static final int BYTES = 600;
    private static final int[] CALLERS = {1, 10, 100, 250};
    private static final long CAP = 4L << 30;
    private static final double MICROS = 1e3;
    private static final int MOST = 20_000_000;

    private SpoolBench() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]));
        Duration time = Duration.ofSeconds(args.length > 1 ? Integer.parseInt(args[1]) : 5);
        limit(folder.resolve("limit"), time);
        for (int callers : CALLERS) {
            outbox(folder.resolve("outbox-of-" + callers), callers, time);
        }
    }

    private static void limit(Path file, Duration time) throws IOException {
        long[] took = new long[MOST / 100];
        int count = 0;
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(BYTES);
            long end = System.nanoTime() + time.toNanos();
            for (long now = System.nanoTime(); now < end && count < took.length; count++) {
                open.write(bytes.rewind());
                open.force(false);
                long after = System.nanoTime();
                took[count] = after - now;
                now = after;
            }
        }
        Files.delete(file);
        print("append and force, one thread", took, count, count, time);
    }

    private static void outbox(Path folder, int callers, Duration time) throws Exception {
        long[] took = new long[MOST];
        AtomicInteger count = new AtomicInteger();
        long forces;
        try (Outbox outbox = new Outbox(folder, CAP, warning -> System.err.println(warning));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long end = System.nanoTime() + time.toNanos();
            Future<?>[] all = new Future<?>[callers];
            for (int i = 0; i < callers; i++) {
                OutboxRecord record =
                        new OutboxRecord("flotilla.audit", "caller-" + i, ByteString.copyFrom(new byte[BYTES]));
                all[i] = threads.submit(() -> {
                    for (long now = System.nanoTime(); now < end; ) {
                        if (outbox.keep(record) != Outbox.Kept.YES) {
                            throw new IllegalStateException("it is full");
                        }
                        long after = System.nanoTime();
                        took[count.getAndIncrement()] = after - now;
                        now = after;
                    }
                    return null;
                });
            }
            for (Future<?> each : all) {
                each.get();
            }
            forces = outbox.forces();
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
        print("outbox, " + callers + " at once", took, count.get(), forces, time);
    }

    private static void print(String what, long[] took, int count, long forces, Duration time) {
        Arrays.sort(took, 0, count);
        System.out.printf(
                "%-30s %8.0f records/s %6.0f forces/s   wait: half %6.0f us, 99 %% %6.0f us, most %7.0f us%n",
                what,
                count / (double) time.toSeconds(),
                forces / (double) time.toSeconds(),
                took[count / 2] / MICROS,
                took[(int) (count * 0.99)] / MICROS,
                took[count - 1] / MICROS);
    }
}
