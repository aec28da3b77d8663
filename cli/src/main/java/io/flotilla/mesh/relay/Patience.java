package io.flotilla.mesh.relay;

import io.flotilla.mesh.state.MeshPort;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How long a port that is in use is waited for: a mesh that ends keeps its ports for a moment after {@code down} has
 * returned, and a connection that began at a port keeps it for a minute after its end, which no option of a socket
 * changes (SO_REUSEADDR would have to be set at the other's too).
 *
 * @param running where a process has it, or nobody knows who
 * @param ended   where only the kernel has it
 * @param news    is told once per port and holder
 */
public record Patience(Duration running, Duration ended, Consumer<String> news) {
    private static final long PAUSE_MILLIS = 100;

    /** What users have: longer than a mesh takes to end, and than Linux' TCP_TIMEWAIT_LEN of 60 s. */
    public static Patience usual(Consumer<String> news) {
        return new Patience(Duration.ofSeconds(10), Duration.ofSeconds(65), news);
    }

    /** For ports of which any will do. */
    public static Patience none() {
        return new Patience(Duration.ZERO, Duration.ZERO, line -> {});
    }

    /** What fails with a {@link BindException} as long as a port is in use. */
    @FunctionalInterface
    interface Bind<T> {
        T bind() throws IOException;
    }

    /** Tries until it works. */
    <T> T bind(MeshPort port, int number, Bind<T> bind) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        PortHolder told = null;
        while (true) {
            try {
                return bind.bind();
            } catch (BindException e) {
                PortHolder holder = PortHolder.of(number, e);
                Duration limit = limit(holder);
                if (System.nanoTime() - begin >= limit.toNanos()) {
                    throw new HostRelay.PortTaken(port, number, holder, e);
                }
                told = tell(port, number, holder, told);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private Duration limit(PortHolder holder) {
        return switch (holder) {
            case PortHolder.Ended ignored -> ended;
            case PortHolder.Running ignored -> running;
            case PortHolder.Unknown ignored -> running;
        };
    }

    private PortHolder tell(MeshPort port, int number, PortHolder holder, @Nullable PortHolder told) {
        if (!holder.equals(told)) {
            news.accept("port " + number + " (" + port.key() + ") " + holder + "; waiting up to "
                    + limit(holder).toSeconds() + " s for it");
        }
        return holder;
    }
}
