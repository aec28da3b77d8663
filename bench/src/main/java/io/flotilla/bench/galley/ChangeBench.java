package io.flotilla.bench.galley;

import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.discovery.MemorySource;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceSink;
import io.flotilla.galley.state.Publisher;
import io.flotilla.galley.watch.FolderSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One changed file among many VirtualServices of 2 KB, each in a file of its own: from the change's text to the
 * published view, and from the rename of the file. Arguments: how many files, for each measurement.
 */
public final class ChangeBench {
    private static final int WARM = 2_000;
    private static final int EDITS = 2_000;

    private ChangeBench() {}

    public static void main(String[] args) throws Exception {
        for (String count : args.length == 0 ? new String[] {"1000", "10000", "50000"} : args) {
            int objects = Integer.parseInt(count);
            text(objects);
            rename(objects);
        }
    }

    private static Publisher publisher() {
        return new Publisher(
                Set.of(SourceName.DIRECTORY),
                ReadOptions.DEFAULT,
                RegistryOptions.DEFAULT,
                "istio-system",
                System::currentTimeMillis);
    }

    private static void text(int objects) {
        Publisher publisher = publisher();
        MemorySource views = new MemorySource();
        Map<String, Optional<String>> all = new java.util.TreeMap<>();
        for (int i = 0; i < objects; i++) {
            all.put("route-" + i + ".yaml", Optional.of(Manifests.route(i, 1)));
        }
        publisher.apply(SourceName.DIRECTORY, all, true);
        long[] nanos = new long[EDITS];
        for (int i = 0; i < WARM + EDITS; i++) {
            int which = (int) (i * 7919L % objects);
            String text = Manifests.route(which, 2 + i);
            long begin = System.nanoTime();
            views.publish(publisher
                    .apply(SourceName.DIRECTORY, Map.of("route-" + which + ".yaml", Optional.of(text)), true)
                    .held()
                    .view());
            if (i >= WARM) {
                nanos[i - WARM] = System.nanoTime() - begin;
            }
        }
        report("text to view", objects, nanos);
    }

    private static void rename(int objects) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("change-bench");
        for (int i = 0; i < objects; i++) {
            Files.writeString(folder.resolve("route-" + i + ".yaml"), Manifests.route(i, 1));
        }
        Publisher publisher = publisher();
        MemorySource views = new MemorySource();
        BlockingQueue<Long> published = new LinkedBlockingQueue<>();
        SourceSink sink = (source, documents, synced) -> {
            Publisher.Outcome outcome = publisher.apply(source, documents, synced);
            views.publish(outcome.held().view());
            published.add(System.nanoTime());
        };
        try (FolderSource source = new FolderSource(
                List.of(folder), Duration.ofMillis(10), Duration.ofSeconds(2), Duration.ofSeconds(30))) {
            source.start(sink);
            published.take();
            long[] nanos = new long[EDITS / 2];
            for (int i = 0; i < WARM / 4 + nanos.length; i++) {
                int which = (int) (i * 7919L % objects);
                Path next = folder.resolve(".next");
                Files.writeString(next, Manifests.route(which, 2 + i));
                long begin = System.nanoTime();
                Files.move(next, folder.resolve("route-" + which + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
                long end = published.take();
                if (i >= WARM / 4) {
                    nanos[i - WARM / 4] = end - begin;
                }
            }
            report("rename to view", objects, nanos);
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static void report(String what, int objects, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                "%s, %d files: p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
                what,
                objects,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }
}
