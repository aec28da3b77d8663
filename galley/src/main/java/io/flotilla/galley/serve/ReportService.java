package io.flotilla.galley.serve;

import io.flotilla.api.status.v1.DistributionReply;
import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.api.status.v1.DistributionStatusGrpc;
import io.flotilla.discovery.SerialExecutor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** flotilla.status.v1.DistributionStatus: Pilots say what their proxies made of configuration. */
public final class ReportService extends DistributionStatusGrpc.DistributionStatusImplBase {
    private static final Executor TURNS = Executors.newVirtualThreadPerTaskExecutor();

    private final Desk desk;
    private final List<String> reporters;

    /** Who takes the reports. */
    public interface Desk {
        /** Whether reports are for this replica: false where another one writes status. */
        boolean open();

        void reported(DistributionReport report);

        void gone(String reporter);
    }

    // The stream of each reporter that spoke last.
    private final Map<String, Reports> speaking = new ConcurrentHashMap<>();

    /** @param reporters service accounts in the suite's namespace that may report */
    public ReportService(Desk desk, List<String> reporters) {
        this.desk = desk;
        this.reporters = List.copyOf(reporters);
    }

    List<String> reporters() {
        return reporters;
    }

    @Override
    public StreamObserver<DistributionReport> report(StreamObserver<DistributionReply> replies) {
        ServerCallStreamObserver<DistributionReply> call = (ServerCallStreamObserver<DistributionReply>) replies;
        call.disableAutoRequest();
        // With a handler, who answers a call that has been cut off meanwhile is not told so by an exception.
        call.setOnCancelHandler(() -> {});
        call.request(1);
        return new Reports(call);
    }

    private final class Reports implements StreamObserver<DistributionReport> {
        private final ServerCallStreamObserver<DistributionReply> replies;
        // Judging a report may wait for another: not on a connection's thread.
        private final SerialExecutor queue = new SerialExecutor(TURNS);
        private final AtomicReference<String> reporter = new AtomicReference<>("");
        // Of the queue alone.
        private boolean refused;

        Reports(ServerCallStreamObserver<DistributionReply> replies) {
            this.replies = replies;
        }

        @Override
        public void onNext(DistributionReport report) {
            queue.execute(() -> take(report));
        }

        private void take(DistributionReport report) {
            if (!desk.open()) {
                over();
                refused = true;
                replies.onError(Status.UNAVAILABLE
                        .withDescription("another replica writes status")
                        .asRuntimeException());
                return;
            }
            reporter.set(report.getReporter());
            speaking.put(report.getReporter(), this);
            desk.reported(report);
            replies.onNext(DistributionReply.getDefaultInstance());
            replies.request(1);
        }

        @Override
        public void onError(Throwable error) {
            queue.execute(this::over);
        }

        @Override
        public void onCompleted() {
            queue.execute(() -> {
                over();
                if (!refused) {
                    replies.onCompleted();
                }
            });
        }

        private void over() {
            String name = reporter.getAndSet("");
            // A stream that ends late says nothing of a Pilot that has come back over another.
            if (!name.isEmpty() && speaking.remove(name, this)) {
                desk.gone(name);
            }
        }
    }
}
