package io.flotilla.galley.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.status.v1.DistributionReply;
import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.api.status.v1.DistributionStatusGrpc;
import io.flotilla.service.ConnectionThreads;
import io.flotilla.service.GrpcChannels;
import io.flotilla.service.GrpcServers;
import io.flotilla.service.HostPort;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reports are judged beside the connection, so a stream may end while one is. */
class ReportServiceTest {
    private static final long SECONDS = 30;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
    private final CountDownLatch judging = new CountDownLatch(1);
    private final CountDownLatch judged = new CountDownLatch(1);
    private final ConnectionThreads threads = new ConnectionThreads();
    private Thread.UncaughtExceptionHandler before;
    private Server server;
    private ManagedChannel channel;
    private boolean open = true;

    private final class Desk implements ReportService.Desk {
        @Override
        public boolean open() {
            judging.countDown();
            try {
                assertThat(judged.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return open;
        }

        @Override
        public void reported(DistributionReport report) {
            heard.add("reported " + report.getReporter());
        }

        @Override
        public void gone(String reporter) {
            heard.add("gone " + reporter);
        }
    }

    private static final class Replies implements StreamObserver<DistributionReply> {
        private final BlockingQueue<DistributionReply> all = new LinkedBlockingQueue<>();
        private final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onNext(DistributionReply reply) {
            all.add(reply);
        }

        @Override
        public void onError(Throwable error) {
            end.complete(Status.fromThrowable(error));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }

    @BeforeEach
    void begin() throws Exception {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> uncaught.add(error));
        server = threads.serve(GrpcServers.builder("127.0.0.1", 0, null))
                .addService(new ReportService(new Desk(), List.of()))
                .build()
                .start();
        channel = GrpcChannels.plaintext(new HostPort("127.0.0.1", server.getPort()))
                .build();
    }

    @AfterEach
    void end() {
        channel.shutdownNow();
        GrpcServers.close(List.of(server), Duration.ZERO);
        threads.close();
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    private static DistributionReport from(String reporter) {
        return DistributionReport.newBuilder().setReporter(reporter).build();
    }

    @Test
    void eachReportIsAnsweredInOrderAndTheEndIsTold() throws Exception {
        judged.countDown();
        Replies replies = new Replies();
        StreamObserver<DistributionReport> reports =
                DistributionStatusGrpc.newStub(channel).report(replies);
        for (int i = 0; i < 3; i++) {
            reports.onNext(from("pilot-" + i));
        }
        reports.onCompleted();
        assertThat(replies.end.get(SECONDS, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
        assertThat(replies.all).hasSize(3);
        assertThat(heard).containsExactly("reported pilot-0", "reported pilot-1", "reported pilot-2", "gone pilot-2");
    }

    @Test
    void whoIsRefusedAfterItsLastWordIsToldSoAndNothingElseHappens() throws Exception {
        open = false;
        Replies replies = new Replies();
        StreamObserver<DistributionReport> reports =
                DistributionStatusGrpc.newStub(channel).report(replies);
        reports.onNext(from("pilot"));
        reports.onCompleted();
        assertThat(judging.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        judged.countDown();
        assertThat(replies.end.get(SECONDS, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        settle();
        assertThat(uncaught).isEmpty();
    }

    @Test
    void whoIsCutOffWhileItsReportIsJudgedIsGone() throws Exception {
        Context.CancellableContext call = Context.current().withCancellation();
        call.run(() ->
                DistributionStatusGrpc.newStub(channel).report(new Replies()).onNext(from("pilot")));
        assertThat(judging.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        call.cancel(null);
        judged.countDown();
        assertThat(heard.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("reported pilot");
        assertThat(heard.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("gone pilot");
        settle();
        assertThat(uncaught).isEmpty();
    }

    // All that the server's streams had to do is done when a stream that came after them is.
    private void settle() throws Exception {
        open = true;
        Replies last = new Replies();
        DistributionStatusGrpc.newStub(channel).report(last).onCompleted();
        assertThat(last.end.get(SECONDS, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
    }
}
