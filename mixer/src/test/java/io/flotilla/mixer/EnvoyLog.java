package io.flotilla.mixer;

import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.ConnectionProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One log of one sidecar, written as Envoy writes it: the node in the first message only. */
final class EnvoyLog implements AutoCloseable {
    private final ManagedChannel channel;
    private final StreamObserver<StreamAccessLogsMessage> requests;
    private final CompletableFuture<Status> ended = new CompletableFuture<>();
    private final String service;

    EnvoyLog(ManagedChannel channel, String pod, String logName, String service) {
        this.channel = channel;
        this.service = service;
        this.requests = AccessLogServiceGrpc.newStub(channel).streamAccessLogs(new StreamObserver<>() {
            @Override
            public void onNext(StreamAccessLogsResponse response) {}

            @Override
            public void onError(Throwable problem) {
                ended.complete(Status.fromThrowable(problem));
            }

            @Override
            public void onCompleted() {
                ended.complete(Status.OK);
            }
        });
        requests.onNext(StreamAccessLogsMessage.newBuilder()
                .setIdentifier(StreamAccessLogsMessage.Identifier.newBuilder()
                        .setLogName(logName)
                        .setNode(node(pod)))
                .setHttpLogs(StreamAccessLogsMessage.HTTPAccessLogEntries.getDefaultInstance())
                .build());
    }

    /** Completes when the server ends the stream. */
    CompletableFuture<Status> ended() {
        return ended;
    }

    /** Messages of that many entries each. */
    void requests(int messages, int entries) {
        for (int i = 0; i < messages; i++) {
            var batch = StreamAccessLogsMessage.HTTPAccessLogEntries.newBuilder();
            for (int j = 0; j < entries; j++) {
                batch.addLogEntry(request());
            }
            requests.onNext(
                    StreamAccessLogsMessage.newBuilder().setHttpLogs(batch).build());
        }
    }

    /** One message of entries that an endpoint answered. */
    void requestsTo(String address, int entries) {
        var batch = StreamAccessLogsMessage.HTTPAccessLogEntries.newBuilder();
        for (int i = 0; i < entries; i++) {
            HTTPAccessLogEntry.Builder entry = request().toBuilder();
            entry.getCommonPropertiesBuilder()
                    .setUpstreamRemoteAddress(Address.newBuilder()
                            .setSocketAddress(SocketAddress.newBuilder()
                                    .setAddress(address)
                                    .setPortValue(9080)));
            batch.addLogEntry(entry);
        }
        requests.onNext(StreamAccessLogsMessage.newBuilder().setHttpLogs(batch).build());
    }

    void connection(long received, long sent) {
        requests.onNext(StreamAccessLogsMessage.newBuilder()
                .setTcpLogs(StreamAccessLogsMessage.TCPAccessLogEntries.newBuilder()
                        .addLogEntry(TCPAccessLogEntry.newBuilder()
                                .setCommonProperties(common())
                                .setConnectionProperties(ConnectionProperties.newBuilder()
                                        .setReceivedBytes(received)
                                        .setSentBytes(sent))))
                .build());
    }

    @Override
    public void close() {
        requests.onCompleted();
        channel.shutdown();
    }

    private HTTPAccessLogEntry request() {
        return HTTPAccessLogEntry.newBuilder()
                .setCommonProperties(common())
                .setRequest(HTTPRequestProperties.newBuilder()
                        .setAuthority(service)
                        .setPath("/reviews/0")
                        .setRequestHeadersBytes(120))
                .setResponse(HTTPResponseProperties.newBuilder()
                        .setResponseCode(UInt32Value.of(200))
                        .setResponseBodyBytes(400))
                .build();
    }

    private AccessLogCommon common() {
        return AccessLogCommon.newBuilder()
                .setStreamId(UUID.randomUUID().toString())
                .setStartTime(Timestamps.fromMillis(System.currentTimeMillis()))
                .setDuration(Durations.fromMillis(3))
                .setUpstreamCluster("outbound|9080||" + service + ".default.svc.cluster.local")
                .build();
    }

    private static Node node(String pod) {
        Value labels = Value.newBuilder()
                .setStructValue(Struct.newBuilder().putFields("app", text("productpage")))
                .build();
        return Node.newBuilder()
                .setId("sidecar~10.44.0.1~" + pod + ".default~default.svc.cluster.local")
                .setMetadata(Struct.newBuilder()
                        .putFields("WORKLOAD_NAME", text("productpage-v1"))
                        .putFields("SERVICE_ACCOUNT", text("bookinfo-productpage"))
                        .putFields("LABELS", labels))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
