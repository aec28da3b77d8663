package io.flotilla.bench.ca;

import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.bench.serving.RawBytes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asks with as little work as can be, since it shares the processors with what is measured: messages stay bytes, and
 * answers are kept for later. Each connection has as many calls under way as Citadel allows.
 */
final class StormClient implements AutoCloseable {
    private static final int CONNECTIONS = 16;
    private static final int UNDER_WAY = 100;
    private static final byte[] NO_ANSWER = {};
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final MethodDescriptor<byte[], byte[]> METHOD =
            IstioCertificateServiceGrpc.getCreateCertificateMethod().toBuilder(new RawBytes(), new RawBytes())
                    .build();

    private final List<ManagedChannel> channels = new ArrayList<>();
    private byte[][] answers = {};

    StormClient(int port, X509Certificate root) throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .overrideAuthority("istio-citadel.istio-system.svc")
                    .sslContext(GrpcSslContexts.forClient().trustManager(root).build())
                    .directExecutor()
                    .build());
        }
    }

    /** One call, ready to be sent. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier: never compared
    record Request(byte[] message, String authorization) {
        static Request of(String csr, String token) {
            return new Request(
                    IstioCertificateRequest.newBuilder().setCsr(csr).build().toByteArray(), "Bearer " + token);
        }
    }

    /** All of them, as fast as they are answered; how many were not. */
    long ask(List<Request> requests) throws InterruptedException {
        answers = new byte[requests.size()][];
        Arrays.fill(answers, NO_ANSWER);
        CountDownLatch left = new CountDownLatch(requests.size());
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            lanes.add(new Lane(channels.get(i), requests, new AtomicInteger(i), left));
        }
        for (int i = 0; i < UNDER_WAY; i++) {
            lanes.forEach(Lane::next);
        }
        left.await();
        return Arrays.stream(answers).filter(each -> each.length == 0).count();
    }

    List<byte[]> answers() {
        return Arrays.asList(answers);
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    /** The requests of one connection: every sixteenth. */
    private final class Lane {
        private final ManagedChannel channel;
        private final List<Request> requests;
        private final AtomicInteger at;
        private final CountDownLatch left;

        Lane(ManagedChannel channel, List<Request> requests, AtomicInteger at, CountDownLatch left) {
            this.channel = channel;
            this.requests = requests;
            this.at = at;
            this.left = left;
        }

        void next() {
            int number = at.getAndAdd(CONNECTIONS);
            if (number >= requests.size()) {
                return;
            }
            Request request = requests.get(number);
            Metadata headers = new Metadata();
            headers.put(AUTHORIZATION, request.authorization());
            ClientCall<byte[], byte[]> call = channel.newCall(METHOD, CallOptions.DEFAULT);
            call.start(new Answer(this, number), headers);
            call.request(2);
            call.sendMessage(request.message());
            call.halfClose();
        }
    }

    private final class Answer extends ClientCall.Listener<byte[]> {
        private final Lane lane;
        private final int number;

        Answer(Lane lane, int number) {
            this.lane = lane;
            this.number = number;
        }

        @Override
        public void onMessage(byte[] message) {
            answers[number] = message;
        }

        @Override
        public void onClose(Status status, @Nullable Metadata trailers) {
            if (!status.isOk()) {
                answers[number] = NO_ANSWER;
            }
            lane.next();
            lane.left.countDown();
        }
    }
}
