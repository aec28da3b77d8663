package io.flotilla.pilot.world;

import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.flotilla.service.GrpcServers;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes access logs of HTTP, by log name. */
public final class AccessLogSink extends AccessLogServiceGrpc.AccessLogServiceImplBase implements AutoCloseable {
    private final Map<String, List<HTTPAccessLogEntry>> entries = new ConcurrentHashMap<>();
    private final Server server;

    public AccessLogSink() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(this)
                .build()
                .start();
    }

    public int port() {
        return server.getPort();
    }

    /** What came under a log name so far. */
    public List<HTTPAccessLogEntry> entries(String logName) {
        return List.copyOf(entries.getOrDefault(logName, List.of()));
    }

    @Override
    public StreamObserver<StreamAccessLogsMessage> streamAccessLogs(StreamObserver<StreamAccessLogsResponse> answers) {
        return new StreamObserver<>() {
            private String name = "";

            @Override
            public void onNext(StreamAccessLogsMessage message) {
                if (message.hasIdentifier()) {
                    name = message.getIdentifier().getLogName();
                }
                entries.computeIfAbsent(name, key -> new CopyOnWriteArrayList<>())
                        .addAll(message.getHttpLogs().getLogEntryList());
            }

            @Override
            public void onError(Throwable problem) {
                // The Envoy is gone.
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    @Override
    public void close() {
        GrpcServers.close(List.of(server), Duration.ZERO);
    }
}
