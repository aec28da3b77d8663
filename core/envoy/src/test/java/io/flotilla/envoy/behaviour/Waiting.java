package io.flotilla.envoy.behaviour;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for a condition, not for a time. */
final class Waiting {
    private static final long LIMIT_NANOS = 60_000_000_000L;

    private Waiting() {}

    /** The first value that is good; the last one where the time is up. */
    static <T> T until(Callable<T> value, Predicate<T> good) throws Exception {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (true) {
            T now = value.call();
            if (good.test(now) || System.nanoTime() > end) {
                return now;
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** Nobody listens on a local port: the kernel takes connections for a moment after a server has closed. */
    static void untilRefused(int port) throws Exception {
        until(() -> refused(port), refused -> refused);
    }

    private static boolean refused(int port) throws IOException {
        try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !open.isConnected();
        } catch (ConnectException e) {
            return true;
        } catch (SocketException e) {
            // Taken by the kernel, and ended since nobody is there any more.
            return false;
        }
    }
}
