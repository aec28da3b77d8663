package io.flotilla.pilot.serve;

import io.flotilla.service.ConnectionThreads;
import io.grpc.netty.NettyServerBuilder;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The connections of a port, of which some can be told to go (GOAWAY): their clients open nothing more on them, and what
 * they open next may come to another replica.
 */
public final class OpenConnections implements AutoCloseable {
    private final ConnectionThreads threads = new ConnectionThreads();
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final RandomGenerator random;

    /** @param random says which connections go */
    public OpenConnections(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Runs what it is given on this thread, later: to be asked on a connection's thread.
     *
     * @throws IllegalStateException on any other
     */
    public Executor here() {
        return threads.here();
    }

    /** Runs this once what streams were told so far has been sent, or waits for its client alone. */
    public void afterSending(Runnable then) {
        threads.afterAll(then);
    }

    /** From now on the server's connections are among these. */
    public NettyServerBuilder watch(NettyServerBuilder builder) {
        return threads.serve(builder).channelFactory(this::listening);
    }

    private ServerChannel listening() {
        ServerChannel port = new NioServerSocketChannel();
        port.pipeline().addFirst(new Accepting());
        return port;
    }

    /** How many there are, without those that were told to go. */
    public int count() {
        return open.size();
    }

    /** Tells some to go, any of them. Whose they were, by address as gRPC tells it: their streams are to be ended. */
    public Set<String> leave(int count) {
        List<Channel> any = new ArrayList<>(open);
        Collections.shuffle(any, java.util.Random.from(random));
        Set<String> gone = ConcurrentHashMap.newKeySet();
        for (Channel channel : any.subList(0, Math.min(count, any.size()))) {
            if (open.remove(channel)) {
                gone.add(String.valueOf(channel.remoteAddress()));
                channel.eventLoop().execute(() -> goAway(channel));
            }
        }
        return gone;
    }

    // Streams that are on their way are still taken: nobody is cut off. A connection that has ended meanwhile needs no
    // more.
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void goAway(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(Http2ConnectionHandler.class);
        if (context != null && context.handler() instanceof Http2ConnectionHandler handler) {
            handler.goAway(
                    context,
                    Integer.MAX_VALUE,
                    Http2Error.NO_ERROR.code(),
                    Unpooled.EMPTY_BUFFER,
                    context.newPromise());
            context.flush();
        }
    }

    @Override
    public void close() {
        threads.close();
    }

    /** Stands before all that a port does with a connection that comes. */
    private final class Accepting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            if (accepted instanceof Channel channel && open.add(channel)) {
                channel.closeFuture().addListener(closed -> open.remove(channel));
            }
            context.fireChannelRead(accepted);
        }
    }
}
