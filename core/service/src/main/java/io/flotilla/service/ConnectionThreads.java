package io.flotilla.service;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which a server's connections are read and written, one for each processor. What its services do for a
 * call they do there too, so that no other thread has to be woken for it; what may wait they do elsewhere.
 */
public final class ConnectionThreads implements AutoCloseable {
    // What connections have to say of their end is heard.
    private static final int QUIET = 200;
    private static final int LONGEST = 2_000;

    private final EventLoopGroup boss = new NioEventLoopGroup(1, new DefaultThreadFactory("xds-accept", true));
    private final EventLoopGroup workers =
            new NioEventLoopGroup(Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("xds-io", true));
    private final Map<Thread, Executor> threads = new ConcurrentHashMap<>();

    public ConnectionThreads() {
        workers.forEach(loop -> loop.execute(() -> threads.put(Thread.currentThread(), loop)));
    }

    /**
     * Runs what it is given on this thread, later: to be asked on a connection's thread.
     *
     * @throws IllegalStateException on any other
     */
    public Executor here() {
        Executor loop = threads.get(Thread.currentThread());
        if (loop == null) {
            throw new IllegalStateException("not a connection's thread: " + Thread.currentThread());
        }
        return loop;
    }

    List<Executor> all() {
        List<Executor> all = new ArrayList<>();
        workers.forEach(all::add);
        return all;
    }

    /** Runs this once all of them have done what there is to do now: on the last one, or at once if none is left. */
    public void afterAll(Runnable then) {
        AtomicInteger left = new AtomicInteger(1);
        Runnable done = () -> {
            if (left.decrementAndGet() == 0) {
                then.run();
            }
        };
        for (EventExecutor loop : workers) {
            left.incrementAndGet();
            try {
                loop.execute(done);
            } catch (RejectedExecutionException e) {
                // It has ended, and does nothing any more.
                done.run();
            }
        }
        done.run();
    }

    /** From now on the server's connections are on these threads, and its calls with them. */
    public NettyServerBuilder serve(NettyServerBuilder builder) {
        return builder.bossEventLoopGroup(boss)
                .workerEventLoopGroup(workers)
                .channelType(NioServerSocketChannel.class)
                .directExecutor();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // daemons: nobody waits for them
    public void close() {
        boss.shutdownGracefully(QUIET, LONGEST, TimeUnit.MILLISECONDS);
        workers.shutdownGracefully(QUIET, LONGEST, TimeUnit.MILLISECONDS);
    }
}
