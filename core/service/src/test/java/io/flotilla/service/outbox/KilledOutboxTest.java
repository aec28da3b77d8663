package io.flotilla.service.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a process was told to be kept is there when that process was killed at any time. */
@Timeout(180)
class KilledOutboxTest {
    private static final int CALLERS = 8;
    private static final int ENOUGH = 500;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    /** Keeps records until it is killed, and says of each when it is kept. */
    static final class Keeping {
        private Keeping() {}

        public static void main(String[] args) throws Exception {
            Outbox outbox = new Outbox(Path.of(args[0]), 1 << 30, System.err::println);
            AtomicInteger numbers = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                String caller = "caller-" + i;
                threads.add(Thread.ofVirtual().start(() -> keep(outbox, caller, numbers)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }

        private static void keep(Outbox outbox, String caller, AtomicInteger numbers) {
            try {
                while (true) {
                    String name = caller + "/" + numbers.incrementAndGet();
                    outbox.keep(new OutboxRecord("topic", name, ByteString.copyFromUtf8("x".repeat(300))));
                    synchronized (System.out) {
                        System.out.println(name);
                    }
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void nothingThatWasKeptIsLostAndEachCallersOrderStays() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Keeping.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> kept = new ArrayList<>();
        try (BufferedReader told =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String name = told.readLine(); name != null; name = told.readLine()) {
                if (name.matches("caller-\\d/\\d+")) {
                    kept.add(name);
                }
                if (kept.size() == ENOUGH) {
                    // By its handle: the process itself would close what it has said.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(process.waitFor()).isNotZero();
        assertThat(kept).hasSizeGreaterThanOrEqualTo(ENOUGH);

        List<String> found = new ArrayList<>();
        try (Outbox again = new Outbox(folder, 1 << 30, problem -> {})) {
            while (!again.isDrained()) {
                Outbox.Batch batch = again.next(1_000, Duration.ZERO);
                batch.records().forEach(record -> found.add(record.key()));
                again.done(batch);
            }
        }
        // The last word of the process may have been cut.
        assertThat(found).containsAll(kept.subList(0, kept.size() - 1));
        for (int i = 0; i < CALLERS; i++) {
            String caller = "caller-" + i + "/";
            assertThat(found.stream()
                            .filter(name -> name.startsWith(caller))
                            .map(name -> Integer.parseInt(name.substring(caller.length()))))
                    .isSorted();
        }
    }
}
