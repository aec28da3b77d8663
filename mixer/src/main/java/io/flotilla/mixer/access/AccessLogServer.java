package io.flotilla.mixer.access;

import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.flotilla.identity.SpiffeId;
import io.flotilla.service.PeerIdentity;
import io.flotilla.telemetry.registry.RegistryHistory;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes access logs of all Envoys. Reads the next message of a stream only once the one before has been handed on. */
public final class AccessLogServer extends AccessLogServiceGrpc.AccessLogServiceImplBase {
    private final AccessLogStream.Parts parts;
    private final Set<AccessLogStream> streams = ConcurrentHashMap.newKeySet();

    /**
     * A server for one port.
     *
     * @param registry asked for each message
     * @param sink     takes the records
     * @param totals   is told of streams
     * @param opening  asked for each stream, from which nothing is read before that is done
     */
    public AccessLogServer(
            Supplier<RegistryHistory> registry,
            RecordSink sink,
            StreamTotals totals,
            Supplier<CompletableFuture<Void>> opening) {
        this.parts = new AccessLogStream.Parts(registry, sink, totals, opening);
    }

    @Override
    public StreamObserver<StreamAccessLogsMessage> streamAccessLogs(
            StreamObserver<StreamAccessLogsResponse> responses) {
        @Nullable SpiffeId caller = PeerIdentity.CALLER.get();
        AccessLogStream stream = new AccessLogStream(
                caller == null ? "" : caller.toString(),
                (ServerCallStreamObserver<StreamAccessLogsResponse>) responses,
                parts,
                streams::remove);
        streams.add(stream);
        return stream;
    }

    /** Pods that report now, "NAMESPACE/NAME". */
    public Set<String> pods() {
        return streams.stream().flatMap(stream -> stream.pod().stream()).collect(Collectors.toSet());
    }

    /** Ends all streams in order: their proxies open new ones, elsewhere if we are leaving. */
    public void endStreams() {
        streams.forEach(AccessLogStream::end);
    }
}
