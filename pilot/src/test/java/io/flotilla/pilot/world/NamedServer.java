package io.flotilla.pilot.world;

import io.flotilla.service.GrpcServers;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gRPC server that answers with its name, unless a header says otherwise, and how it is called. */
public final class NamedServer implements AutoCloseable {
    /** A header that says how many of a call's attempts fail (UNAVAILABLE). */
    public static final String FAIL = "x-fail";
    /** A header of calls that are never answered. */
    public static final String HOLD = "x-hold";

    private static final Metadata.Key<String> ATTEMPTS_BEFORE = key("grpc-previous-rpc-attempts");
    private static final MethodDescriptor<String, String> WHO = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("test.Names/Who")
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

    private final Server server;

    /** @param tls plaintext where it is null */
    public NamedServer(String name, String address, int port, @Nullable SslContext tls) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(address, port))
                .addService(service(name));
        if (tls != null) {
            builder.sslContext(tls);
        }
        server = builder.build().start();
    }

    /** What it serves. */
    public static ServerServiceDefinition service(String name) {
        return ServerInterceptors.intercept(
                ServerServiceDefinition.builder("test.Names")
                        .addMethod(WHO, ServerCalls.asyncUnaryCall((request, answers) -> {
                            answers.onNext(name);
                            answers.onCompleted();
                        }))
                        .build(),
                new AsTheCallSays());
    }

    private static final class AsTheCallSays implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            if (headers.containsKey(key(HOLD))) {
                return new ServerCall.Listener<>() {};
            }
            if (number(headers, ATTEMPTS_BEFORE) < number(headers, key(FAIL))) {
                call.close(Status.UNAVAILABLE, new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, headers);
        }

        private static int number(Metadata headers, Metadata.Key<String> key) {
            String value = headers.get(key);
            return value == null ? 0 : Integer.parseInt(value);
        }
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** The name of the server that answers a call. */
    public static String ask(Channel channel, Map<String, String> headers, int seconds) {
        Metadata sent = new Metadata();
        headers.forEach((name, value) -> sent.put(key(name), value));
        return ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(sent)),
                WHO,
                CallOptions.DEFAULT.withDeadlineAfter(seconds, TimeUnit.SECONDS),
                "who");
    }

    /** Begins a call that is never answered; it ends when it is cancelled. */
    public static Future<String> hold(Channel channel) {
        Metadata sent = new Metadata();
        sent.put(key(HOLD), "yes");
        return ClientCalls.futureUnaryCall(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(sent))
                        .newCall(WHO, CallOptions.DEFAULT),
                "who");
    }

    @Override
    public void close() {
        GrpcServers.close(List.of(server), Duration.ZERO);
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
