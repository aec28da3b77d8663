package io.flotilla.mesh.relay;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Accepts connections, so many at a time and no more, whatever becomes of single ones. */
final class Accepting {
    private static final long PAUSE_MILLIS = 50;

    private final String name;
    private final Semaphore slots;

    /**
     * For listeners of one name.
     *
     * @param slots may be shared by several listeners
     */
    Accepting(String name, Semaphore slots) {
        this.name = name;
        this.slots = slots;
    }

    /** Accepts until the listener is closed; who finds no slot waits in the listener's backlog. */
    void run(ServerSocketChannel listener, Consumer<SocketChannel> serve) {
        while (listener.isOpen()) {
            slots.acquireUninterruptibly();
            boolean handedOn = false;
            try {
                SocketChannel client = listener.accept();
                Thread.ofVirtual().name(name).start(() -> {
                    try {
                        serve.accept(client);
                    } finally {
                        slots.release();
                    }
                });
                handedOn = true;
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                // One connection that fails, or a moment without memory, must not end all later ones.
                pause(listener, e);
            } finally {
                if (!handedOn) {
                    slots.release();
                }
            }
        }
    }

    private void pause(ServerSocketChannel listener, Throwable cause) {
        if (!listener.isOpen()) {
            return;
        }
        System.err.println(name + ": " + cause.getMessage());
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
