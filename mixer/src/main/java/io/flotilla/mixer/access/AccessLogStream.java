package io.flotilla.mixer.access;

import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.telemetry.record.AccessLogTranslation;
import io.flotilla.telemetry.record.ReportingProxy;
import io.flotilla.telemetry.registry.RegistryHistory;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One proxy's stream of one log. Only its first message says who it is. */
final class AccessLogStream implements StreamObserver<StreamAccessLogsMessage> {
    private static final Logger LOG = Logger.getLogger(AccessLogStream.class);

    /** What all streams share. */
    record Parts(
            Supplier<RegistryHistory> registry,
            RecordSink sink,
            StreamTotals totals,
            Supplier<CompletableFuture<Void>> opening) {}

    private final String peerUri;
    private final ServerCallStreamObserver<StreamAccessLogsResponse> responses;
    private final Parts parts;
    private final Consumer<AccessLogStream> gone;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable ReportingProxy proxy;

    AccessLogStream(
            String peerUri,
            ServerCallStreamObserver<StreamAccessLogsResponse> responses,
            Parts parts,
            Consumer<AccessLogStream> gone) {
        this.peerUri = peerUri;
        this.responses = responses;
        this.parts = parts;
        this.gone = gone;
        parts.totals().opened();
        responses.disableAutoRequest();
        var unused = parts.opening().get().thenRun(() -> responses.request(1));
    }

    @Override
    public void onNext(StreamAccessLogsMessage message) {
        parts.totals().message();
        ReportingProxy known = proxy;
        ReportingProxy reporting = known != null ? known : identify(message.getIdentifier());
        if (reporting == null) {
            return;
        }
        proxy = reporting;
        List<RequestRecord> records = translate(
                message, new AccessLogTranslation(reporting, parts.registry().get()));
        if (!records.isEmpty()) {
            parts.sink().accept(reporting.key(), records);
        }
        responses.request(1);
    }

    @Override
    public void onError(Throwable problem) {
        // A proxy that goes away cancels its streams; so does one that is killed: both are counted.
        finish(false);
    }

    @Override
    public void onCompleted() {
        if (finish(true)) {
            responses.onNext(StreamAccessLogsResponse.getDefaultInstance());
            responses.onCompleted();
        }
    }

    /** The pod that reports; empty before the first message. */
    Optional<String> pod() {
        return Optional.ofNullable(proxy).map(ReportingProxy::key);
    }

    /** Ends the stream from our side. */
    void end() {
        if (finish(true)) {
            responses.onCompleted();
        }
    }

    private @Nullable ReportingProxy identify(Identifier identifier) {
        return switch (ReportingProxy.of(identifier.getNode(), identifier.getLogName(), peerUri)) {
            case ReportingProxy.Verdict.Admitted admitted -> admitted.proxy();
            case ReportingProxy.Verdict.Refused refused -> {
                LOG.warnf("access log stream refused: %s", refused.reason());
                parts.totals().refused();
                if (finish(true)) {
                    responses.onError(Status.PERMISSION_DENIED
                            .withDescription(refused.reason())
                            .asException());
                }
                yield null;
            }
        };
    }

    private List<RequestRecord> translate(StreamAccessLogsMessage message, AccessLogTranslation translation) {
        return switch (message.getLogEntriesCase()) {
            case HTTP_LOGS -> each(message.getHttpLogs().getLogEntryList(), translation::http, translation.proxy());
            case TCP_LOGS -> each(message.getTcpLogs().getLogEntryList(), translation::tcp, translation.proxy());
            case LOGENTRIES_NOT_SET -> List.of();
        };
    }

    private <E> List<RequestRecord> each(List<E> entries, Function<E, RequestRecord> translation, ReportingProxy from) {
        List<RequestRecord> records = new ArrayList<>(entries.size());
        for (E entry : entries) {
            try {
                records.add(translation.apply(entry));
            } catch (RuntimeException e) {
                // One entry that we do not understand must not cost the stream.
                parts.totals().unreadable();
                LOG.errorf(e, "access log entry of %s cannot be translated", from.key());
            }
        }
        return records;
    }

    private boolean finish(boolean inOrder) {
        boolean first = ended.compareAndSet(false, true);
        if (first) {
            parts.totals().ended(inOrder);
            gone.accept(this);
        }
        return first;
    }
}
