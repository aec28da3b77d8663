package io.flotilla.discovery.server;

import io.flotilla.api.mcp.v1alpha1.RequestResources;
import io.flotilla.api.mcp.v1alpha1.ResourceSourceGrpc;
import io.flotilla.api.mcp.v1alpha1.Resources;
import io.flotilla.api.mcp.v1alpha1.SinkNode;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A sink of the mesh configuration protocol as other programs write one: the generated stub and a map. */
final class McpSink implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);

    final Map<String, String> held = new TreeMap<>();
    final CompletableFuture<Status> ended = new CompletableFuture<>();
    private final ManagedChannel channel;
    private final ClientCallStreamObserver<RequestResources> requests;
    private final BlockingQueue<Resources> responses = new LinkedBlockingQueue<>();

    McpSink(ManagedChannel channel) {
        this.channel = channel;
        requests = (ClientCallStreamObserver<RequestResources>) ResourceSourceGrpc.newStub(channel)
                .establishResourceStream(new ClientResponseObserver<RequestResources, Resources>() {
                    @Override
                    public void beforeStart(ClientCallStreamObserver<RequestResources> stream) {
                        // One message is read for each that is taken: a sink that does not take is slow.
                        stream.disableAutoRequestWithInitial(1);
                    }

                    @Override
                    public void onNext(Resources response) {
                        responses.add(response);
                    }

                    @Override
                    public void onError(Throwable problem) {
                        ended.complete(Status.fromThrowable(problem));
                    }

                    @Override
                    public void onCompleted() {
                        ended.complete(Status.OK);
                    }
                });
    }

    void ask(String collection, boolean incremental, Map<String, String> versions) {
        send(RequestResources.newBuilder()
                .setSinkNode(SinkNode.newBuilder().setId("sink-1"))
                .setCollection(collection)
                .setIncremental(incremental)
                .putAllInitialResourceVersions(versions)
                .build());
    }

    void send(RequestResources request) {
        requests.onNext(request);
    }

    /** The next response, taken into what is held, not answered. */
    Resources take() throws InterruptedException {
        Resources response = responses.poll(SOON.toMillis(), TimeUnit.MILLISECONDS);
        if (response == null) {
            throw new AssertionError("no response within " + SOON);
        }
        requests.request(1);
        if (!response.getIncremental()) {
            held.clear();
        }
        response.getRemovedResourcesList().forEach(held::remove);
        response.getResourcesList()
                .forEach(resource -> held.put(
                        resource.getMetadata().getName(), resource.getMetadata().getVersion()));
        return response;
    }

    Resources takeAndAck() throws InterruptedException {
        Resources response = take();
        ack(response);
        return response;
    }

    /** Takes what has come so far, without waiting. */
    void takeAndAckWhatIsThere() throws InterruptedException {
        while (!quiet()) {
            takeAndAck();
        }
    }

    void ack(Resources response) {
        send(RequestResources.newBuilder()
                .setCollection(response.getCollection())
                .setResponseNonce(response.getNonce())
                .setIncremental(response.getIncremental())
                .build());
    }

    void nack(Resources response, String why) {
        send(RequestResources.newBuilder()
                .setCollection(response.getCollection())
                .setResponseNonce(response.getNonce())
                .setErrorDetail(com.google.rpc.Status.newBuilder().setCode(3).setMessage(why))
                .build());
    }

    boolean quiet() {
        return responses.isEmpty();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
