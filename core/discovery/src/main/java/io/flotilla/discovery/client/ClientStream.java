package io.flotilla.discovery.client;

import io.flotilla.discovery.SerialExecutor;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One stream of a client: asks for every type, then reads one response at a time. */
final class ClientStream<Q, R> extends ClientCall.Listener<R> {
    /** A state of the world response holds everything of its type. */
    private static final int MAX_RESPONSE_BYTES = 256 << 20;

    private final Reading<Q, R> reading;
    private final SerialExecutor queue;
    private final DiscoveryClient client;
    private final ClientCall<Q, R> call;
    private @Nullable Assembly assembly;
    // Has all that there was when it began, and hears of changes since.
    private volatile boolean following;

    ClientStream(Reading<Q, R> reading, Channel channel, SerialExecutor queue, DiscoveryClient client) {
        this.reading = reading;
        this.queue = queue;
        this.client = client;
        call = channel.newCall(reading.method(), CallOptions.DEFAULT.withMaxInboundMessageSize(MAX_RESPONSE_BYTES));
    }

    void start(ClientSettings settings, Assembly from) {
        assembly = from;
        call.start(this, new Metadata());
        Reading.Asked asked = new Reading.Asked(settings, from.asked());
        boolean named = true;
        for (String type : new TreeSet<>(settings.types())) {
            call.sendMessage(reading.first(asked, named, type, from.staged(type)));
            named = false;
        }
        call.request(1);
    }

    void cancel(String reason) {
        call.cancel(reason, null);
    }

    @Override
    public void onMessage(R message) {
        Runnable taking = () -> {
            try {
                take(message);
            } catch (RuntimeException e) {
                // The stream begins again from what is in force, rather than going on with an unknown state.
                call.cancel("cannot take a response: " + e, e);
            }
        };
        // The whole state takes long; of a change, waking another thread would be a good part.
        if (following) {
            queue.executeHere(taking);
        } else {
            queue.execute(taking);
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        queue.execute(() -> client.ended(this, status));
    }

    private void take(R message) {
        Assembly into = assembly;
        if (into == null) {
            return;
        }
        Reading.Response response = reading.read(message, into::staged);
        String refusal = client.take(this, response);
        call.sendMessage(reading.answer(response, refusal));
        client.settle(this, response);
        following = into.settled();
        call.request(1);
    }
}
